"""Schemas: what is refused, what the check finds, and that values and grammar agree."""

import pytest

from models.schema import ends_itself, grammar_of, problem_of
from tools.errors import BadSchema

FACT = {
    "type": "object",
    "properties": {
        "fact": {"enum": ["volume", "latency", None]},
        "low": {"type": "integer", "minimum": 1, "maximum": 9},
        "quote": {"type": "string", "minLength": 2, "maxLength": 5},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
    },
    "required": ["fact", "low"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({}, "#: key 'type' is None"),
        ({"type": "text"}, "#: key 'type' is 'text'"),
        ({"type": "string", "pattern": "a+"}, "#: keyword 'pattern' is not supported"),
        ({"type": "string", "maxLength": 5000}, "'maxLength': expected a whole number from 0 to 1000"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "'minLength' is above 'maxLength'"),
        ({"type": "array"}, "#: key 'items' is missing"),
        ({"type": "array", "items": {"type": "date"}}, "#/items: key 'type' is 'date'"),
        ({"type": "array", "items": "string"}, "#/items: expected a schema object"),
        ({"type": "object", "additionalProperties": True}, "'additionalProperties': only false"),
        ({"type": "object", "properties": {}, "required": ["a"]}, "'required' names 'a'"),
        (
            {"type": "object", "properties": {"a": {"format": "date", "type": "string"}}},
            "#/properties/a: keyword 'format'",
        ),
        ({"enum": []}, "#/enum: expected a list that is not empty"),
        ({"enum": [["a"]]}, "'enum': expected texts"),
        ({"$ref": "#/$defs/Missing"}, "'#/\\$defs/Missing' is not among"),
        ({"$ref": "other.json"}, "not among the schema's own"),
        ({"anyOf": [{"type": "null"}], "oneOf": []}, "keyword 'oneOf'"),
    ],
)
def test_what_cannot_be_enforced_is_refused_by_name(schema: dict[str, object], message: str) -> None:
    with pytest.raises(BadSchema, match=message):
        grammar_of(schema)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"fact": "volume", "low": 3}, None),
        ({"fact": None, "low": 9, "quote": "abc", "tags": ["x"]}, None),
        ({"fact": "cost", "low": 3}, "#/fact: 'cost' is none of"),
        ({"fact": "volume"}, "#: key 'low' is missing"),
        ({"fact": "volume", "low": 0}, "#/low: 0 is outside minimum 1 to maximum 9"),
        ({"fact": "volume", "low": True}, "#/low: True is not of type integer"),
        ({"fact": "volume", "low": 3.5}, "#/low: 3.5 is not of type integer"),
        ({"fact": "volume", "low": 3, "quote": "abcdef"}, "#/quote: 'abcdef' is outside"),
        ({"fact": "volume", "low": 3, "tags": []}, "#/tags: [] is outside"),
        ({"fact": "volume", "low": 3, "tags": ["a", 1]}, "#/tags/1: 1 is not of type string"),
        ({"fact": "volume", "low": 3, "more": 1}, "#: key 'more' is not expected"),
        ([], "#: [] is not of type object"),
    ],
)
def test_a_value_is_held_against_the_schema(value: object, problem: str | None) -> None:
    found = problem_of(value, FACT)
    assert found is None if problem is None else problem in str(found)


def test_references_and_unions_are_followed() -> None:
    schema = {
        "$defs": {"Side": {"enum": ["left", "right"]}},
        "type": "object",
        "properties": {"side": {"anyOf": [{"$ref": "#/$defs/Side"}, {"type": "null"}]}},
        "required": ["side"],
    }
    assert "d-Side" in grammar_of(schema)
    assert problem_of({"side": "left"}, schema) is None
    assert problem_of({"side": None}, schema) is None
    assert problem_of({"side": "up"}, schema) is not None


def test_several_types_are_a_union() -> None:
    schema = {"type": ["number", "null"]}
    grammar_of(schema)
    assert problem_of(1.5, schema) is None
    assert problem_of(None, schema) is None
    assert problem_of("1", schema) == "#: '1' is not of type number or null"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (FACT, True),
        ({"type": "string"}, True),
        ({"enum": ["yes", "no"]}, True),
        ({"enum": [1, 12]}, False),
        ({"type": "integer"}, False),
        ({"type": ["string", "null"]}, False),
    ],
)
def test_only_closed_values_tell_their_end(schema: dict[str, object], expected: bool) -> None:
    assert ends_itself(schema) is expected
