"""Reads what was typed or picked for one fact on the page, and what is known of it. It stores nothing."""

from collections.abc import Sequence

from agent.recognise import candidates
from agent.view import SessionView
from tools.errors import InvalidInput
from tools.facts import FactSpec, FactValue, plain_value


def edited_value(spec: FactSpec, raw: str | Sequence[str]) -> object:
    """Return the value for the fact; numbers may be written as in the conversation ("40k", "300 to 400")."""
    if spec.type == "set":
        return [raw] if isinstance(raw, str) else list(raw)
    text = raw.strip() if isinstance(raw, str) else ""
    if not text:
        raise InvalidInput(f"{spec.label}: nothing was given; expected {spec.expected()}")
    if spec.type == "flag":
        return {"true": True, "false": False}.get(text, text)
    return _number(spec, text) if spec.type == "number" else text


def known_value(view: SessionView, workload: str, key: str) -> FactValue | None:
    """Return what is known of a fact for one workload."""
    own = next((entry.facts for entry in view.workloads if entry.name == workload), ())
    return next((fact.value for fact in (*own, *view.organization) if fact.key == key), None)


def _number(spec: FactSpec, text: str) -> object:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        pass
    found = [candidate for candidate in candidates(text, spec.key) if candidate.key == spec.key]
    if len(found) != 1:
        raise InvalidInput(
            f'{spec.label}: "{text}" was not understood; expected a number in {spec.unit}, such as 900 or 40k, '
            'or a range, such as "300 to 400"'
        )
    return plain_value(found[0].value)
