"""Turns a JSON schema into a GBNF grammar and checks values against it. It knows no model.

Only what the grammar or the check really enforces is accepted; any other keyword is an error, never ignored.
The grammar writes JSON the way `json.dumps` does, so no tokens go into free white space.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from models.protocol import Schema
from tools.errors import BadSchema

_NOTES = frozenset({"title", "description", "default", "examples", "$schema", "$defs"})
_KEYS: Mapping[str, frozenset[str]] = {
    "object": frozenset({"type", "properties", "required", "additionalProperties"}),
    "array": frozenset({"type", "items", "minItems", "maxItems"}),
    "string": frozenset({"type", "minLength", "maxLength"}),
    "integer": frozenset({"type", "minimum", "maximum"}),
    "number": frozenset({"type", "minimum", "maximum"}),
    "boolean": frozenset({"type"}),
    "null": frozenset({"type"}),
}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
# The engine unrolls repetitions; more than this makes the grammar slow to build.
_MOST_REPETITIONS = 1000
_COMMON = {
    # No \uXXXX: half a surrogate pair would be a text that cannot be written to a file.
    "char": r"""[^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]""",
    "digits": '"0" | [1-9] [0-9]{0,15}',
    "integer": '"-"? digits',
    "number": '"-"? digits ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,3})?',
    "boolean": '"true" | "false"',
    "null": '"null"',
}


def grammar_of(schema: Schema) -> str:
    """Return the GBNF grammar of a schema; BadSchema names the place and the keyword that will not do."""
    writer = _GrammarWriter(schema)
    root = writer.expression(schema, "#")
    rules = {"root": root, **writer.rules, **_COMMON}
    return "\n".join(f"{name} ::= {body}" for name, body in rules.items())


def ends_itself(schema: Schema) -> bool:
    """Whether the last character of every value tells that it is complete, which a bare number's does not."""
    if "anyOf" in schema or "$ref" in schema or isinstance(schema.get("type"), list):
        return False
    if "const" in schema or "enum" in schema:
        return all(isinstance(value, str) for value in _choices(schema, "#"))
    return schema.get("type") in ("object", "array", "string")


class _GrammarWriter:
    def __init__(self, schema: Schema) -> None:
        definitions = schema.get("$defs", {})
        self._definitions: Mapping[str, Any] = definitions if isinstance(definitions, Mapping) else {}
        self.rules: dict[str, str] = {}

    def expression(self, schema: object, at: str) -> str:
        if not isinstance(schema, Mapping):
            raise BadSchema(f"{at}: expected a schema object, got {schema!r}")
        if "$ref" in schema:
            return self._reference(str(schema["$ref"]), at)
        if "anyOf" in schema:
            _only(schema, {"anyOf"}, at)
            options = _filled_list(schema["anyOf"], f"{at}/anyOf")
            return _either(self.expression(option, f"{at}/anyOf/{i}") for i, option in enumerate(options))
        if "const" in schema or "enum" in schema:
            _only(schema, {"type", "const", "enum"}, at)
            return _either(_literal(_json(value)) for value in _choices(schema, at))
        return self._typed(schema, at)

    def _reference(self, reference: str, at: str) -> str:
        name = reference.removeprefix("#/$defs/")
        if name == reference or name not in self._definitions:
            raise BadSchema(f"{at}: $ref {reference!r} is not among the schema's own $defs")
        rule = "d-" + re.sub(r"[^a-zA-Z0-9]", "-", name)
        if rule not in self.rules:
            self.rules[rule] = ""
            self.rules[rule] = self.expression(self._definitions[name], f"#/$defs/{name}")
        return rule

    def _typed(self, schema: Mapping[str, Any], at: str) -> str:
        kind = schema.get("type")
        if isinstance(kind, list):
            return _either(self._typed({**schema, "type": one}, at) for one in _filled_list(kind, f"{at}/type"))
        if not isinstance(kind, str) or kind not in _KEYS:
            raise BadSchema(f"{at}: key 'type' is {kind!r}; expected one of {', '.join(sorted(_KEYS))}")
        _only(schema, _KEYS[kind], at)
        if kind == "object":
            return self._object(schema, at)
        if kind == "array":
            return self._array(schema, at)
        if kind == "string":
            return f'"\\"" char{_repetition(schema, "minLength", "maxLength", at)} "\\""'
        return kind

    def _object(self, schema: Mapping[str, Any], at: str) -> str:
        properties, required = schema.get("properties", {}), schema.get("required", [])
        if schema.get("additionalProperties", False) is not False:
            raise BadSchema(f"{at}: key 'additionalProperties': only false is supported")
        if not isinstance(properties, Mapping):
            raise BadSchema(f"{at}: key 'properties': expected a mapping")
        unknown = [name for name in required if name not in properties]
        if unknown:
            raise BadSchema(f"{at}: key 'required' names {unknown[0]!r}, which is not among 'properties'")
        first, rest = "", ""
        for name, value in reversed(list(properties.items())):
            pair = f"{_literal(_json(name) + ': ')} {self.expression(value, f'{at}/properties/{name}')}"
            whole = f"{pair} {rest}".strip()
            if name in required:
                first, rest = whole, f'", " {whole}'
            else:
                first = f"({whole} | {first})" if first else f"({whole})?"
                rest = f'(", " {pair})? {rest}'.strip()
        return f'"{{" {first} "}}"'

    def _array(self, schema: Mapping[str, Any], at: str) -> str:
        if "items" not in schema:
            raise BadSchema(f"{at}: key 'items' is missing")
        item = self.expression(schema["items"], f"{at}/items")
        low, high = _bounds(schema, "minItems", "maxItems", at)
        if high == 0:
            return '"[]"'
        more = f"{{{max(low - 1, 0)},{'' if high is None else high - 1}}}"
        several = f'{item} (", " {item}){more}'
        return f'"[" {several} "]"' if low else f'"[" ({several})? "]"'


def problem_of(value: object, schema: Schema, root: Schema | None = None, at: str = "#") -> str | None:
    """Say where and why `value` does not fit, or None; the schema has passed `grammar_of`."""
    root = root or schema
    if "$ref" in schema:
        definitions: Any = root["$defs"]
        return problem_of(value, definitions[str(schema["$ref"]).removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema:
        options: Any = schema["anyOf"]
        problems = [problem_of(value, option, root, at) for option in options]
        return None if None in problems else problems[0]
    if "const" in schema or "enum" in schema:
        choices = _choices(schema, at)
        return None if value in choices else f"{at}: {value!r} is none of {choices}"
    kinds: Any = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, kind) for kind in kinds):
        return f"{at}: {value!r} is not of type {' or '.join(kinds)}"
    return _bound_problem(value, schema, at) or _inner_problem(value, schema, root, at)


def _is(value: object, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _bound_problem(value: object, schema: Mapping[str, Any], at: str) -> str | None:
    size: float
    if isinstance(value, str | list):
        keys, size = ("minLength", "maxLength") if isinstance(value, str) else ("minItems", "maxItems"), len(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        keys, size = ("minimum", "maximum"), value
    else:
        return None
    low, high = schema.get(keys[0]), schema.get(keys[1])
    if (low is not None and size < low) or (high is not None and size > high):
        return f"{at}: {value!r} is outside {keys[0]} {low} to {keys[1]} {high}"
    return None


def _inner_problem(value: object, schema: Mapping[str, Any], root: Schema, at: str) -> str | None:
    if isinstance(value, list):
        return _first(problem_of(one, schema["items"], root, f"{at}/{i}") for i, one in enumerate(value))
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for name in [*schema.get("required", []), *value]:
            if name not in value or name not in properties:
                return f"{at}: key {name!r} is {'missing' if name not in value else 'not expected'}"
        return _first(problem_of(one, properties[name], root, f"{at}/{name}") for name, one in value.items())
    return None


def _first(problems: Iterable[str | None]) -> str | None:
    return next((problem for problem in problems if problem), None)


def _only(schema: Mapping[str, Any], allowed: Iterable[str], at: str) -> None:
    extra = sorted(set(schema) - set(allowed) - _NOTES)
    if extra:
        raise BadSchema(f"{at}: keyword {extra[0]!r} is not supported here; the answer could not be held to it")


def _choices(schema: Mapping[str, Any], at: str) -> list[object]:
    values = [schema["const"]] if "const" in schema else _filled_list(schema["enum"], f"{at}/enum")
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        raise BadSchema(f"{at}: key 'enum': expected texts, numbers, true, false or null")
    return values


def _filled_list(value: object, at: str) -> list[Any]:
    if not isinstance(value, list | tuple) or not value:
        raise BadSchema(f"{at}: expected a list that is not empty")
    return list(value)


def _bounds(schema: Mapping[str, Any], least: str, most: str, at: str) -> tuple[int, int | None]:
    low, high = schema.get(least, 0), schema.get(most)
    for key, bound in ((least, low), (most, high)):
        if bound is not None and (not isinstance(bound, int) or not 0 <= bound <= _MOST_REPETITIONS):
            raise BadSchema(f"{at}: key {key!r}: expected a whole number from 0 to {_MOST_REPETITIONS}")
    if high is not None and low > high:
        raise BadSchema(f"{at}: {least!r} is above {most!r}")
    return low, high


def _repetition(schema: Mapping[str, Any], least: str, most: str, at: str) -> str:
    low, high = _bounds(schema, least, most, at)
    return f"{{{low},{'' if high is None else high}}}" if low or high is not None else "*"


def _json(value: object) -> str:
    """Write characters as themselves: an escape costs several tokens and no model would choose it."""
    return json.dumps(value, ensure_ascii=False)


def _either(expressions: Iterable[str]) -> str:
    return "(" + " | ".join(expressions) + ")"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
