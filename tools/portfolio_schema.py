"""The JSON schema of a portfolio file, written from the fact dictionary. It checks nothing itself.

Programs that fill in a portfolio (a language model, an editor) read from it which facts there are and what fits;
`tools.portfolio_file` stays the judge, and its messages say more.
"""

from typing import Any

from tools.assumptions import listed_assumptions
from tools.facts import FactSpec, Scope, fact_dictionary

Json = dict[str, Any]


def portfolio_schema() -> Json:
    """Return the schema of a whole portfolio."""
    workload = _table({"name": {"type": "string", "description": "a name of its own"}, "facts": _facts("workload")})
    workload["required"] = ["name"]
    workloads = {"type": "array", "minItems": 1, "items": workload}
    assumptions = {
        "type": "object",
        "description": f"own figures instead of assumed ones; keys: {', '.join(listed_assumptions())}",
    }
    whole = _table({"organization": _facts("organization"), "workloads": workloads, "assumptions": assumptions})
    return whole | {"required": ["workloads"]}


def fact_schema(spec: FactSpec) -> Json:
    """Return the schema of one fact's value."""
    meaning = f"{spec.about} ({spec.unit})" if spec.unit else spec.about
    match spec.type:
        case "choice":
            return {"type": "string", "enum": list(spec.values), "description": meaning}
        case "set":
            return {"type": "array", "items": {"type": "string", "enum": list(spec.values)}, "description": meaning}
        case "flag":
            return {"type": "boolean", "description": meaning}
        case "text":
            return {"type": "string", "description": meaning}
        case "number":
            bounds = {"type": "number"}
            return {"type": ["number", "array"], "items": bounds, "description": f"{meaning}, or [low, high]"}


def _facts(scope: Scope) -> Json:
    return _table({spec.key: fact_schema(spec) for spec in fact_dictionary().values() if spec.scope == scope})


def _table(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "additionalProperties": False}
