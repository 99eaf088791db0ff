"""Writes facts, lines of a bill and findings as rows of a table. It picks and orders nothing."""

from collections.abc import Mapping, Sequence

from tools.assessment import CostLine, Finding
from tools.facts import Fact, fact_dictionary, spec_of
from ui.render.document import FactRow, FindingRow, LineRow
from ui.render.steps import mitigations
from ui.render.words import amount_words, fact_value_words, price_words, quantity_words, state_words, unit_words

_SEVERITY = {"critical": "Critical", "warning": "Warning", "advice": "Advice", "info": "Note"}


def fact_rows(facts: Mapping[str, Fact]) -> tuple[FactRow, ...]:
    """Return facts in the order of the dictionary."""
    return tuple(
        FactRow(
            spec_of(fact.key).label, fact_value_words(fact.key, fact.value), fact.quote.strip(), state_words(fact.state)
        )
        for fact in (facts[key] for key in fact_dictionary() if key in facts)
    )


def line_rows(lines: Sequence[CostLine]) -> tuple[LineRow, ...]:
    """Return the lines of a bill."""
    return tuple(
        LineRow(
            name=line.name,
            quantity=quantity_words(line.quantity),
            unit=unit_words(line.unit, quantity_words(line.quantity)),
            unit_price=price_words(line.unit_price_usd),
            amount=amount_words(line.amount_usd),
            source=line.source,
        )
        for line in lines
    )


def finding_rows(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """Return findings in their own order, with what can be done about them where it is known."""
    return tuple(
        FindingRow(
            f.severity,
            _SEVERITY[f.severity],
            f.axis.replace("_", " "),
            f.text,
            f.source,
            "" if f.severity == "info" else mitigations().get(f.rule, ""),
        )
        for f in findings
    )
