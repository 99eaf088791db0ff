"""Composes the chapter of one workload: the recommendation in words, and what stands behind it."""

from collections.abc import Mapping

from agent.wording import chance_words, clarity_words, deployment_words
from tools.assessment import BreakEven, Flip, Verdict, WorkloadAssessment
from tools.facts import Fact, spec_of
from ui.render import document
from ui.render.document import FlipRow, WorkloadPart
from ui.render.options import chosen_option, left_out_words, option_rows, ruled_out_rows
from ui.render.rows import fact_rows, finding_rows, line_rows
from ui.render.words import fact_value_words, money_words, sentence, tokens_words

_LICENCE = "licence"


def compose_workload(
    number: int, workload: WorkloadAssessment, facts: Mapping[str, Fact], shared: Mapping[str, Fact]
) -> WorkloadPart:
    """Return the chapter of a workload; `shared` are the organization's facts, which have their own table."""
    chosen, question, options = chosen_option(workload), workload.next_question, option_rows(workload)
    return WorkloadPart(
        anchor=f"workload-{number}",
        name=workload.name,
        volume=tokens_words(workload.tokens_per_month),
        verdict=_verdict(workload.verdict, chosen is not None),
        break_even=_break_even(workload.break_even),
        flips=tuple(_flip(flip) for flip in workload.flips),
        question=spec_of(question.fact).question if question else "",
        question_chance=chance_words(question.flip_probability) if question else "",
        facts=fact_rows(facts),
        options=options,
        options_left_out=left_out_words(workload, len(options)),
        ruled_out=ruled_out_rows(workload, {**shared, **facts}),
        cost_lines=line_rows(chosen.cost_lines) if chosen else (),
        findings=finding_rows([f for f in workload.findings if f.axis != _LICENCE]),
        licence_duties=finding_rows([f for f in workload.findings if f.axis == _LICENCE]),
    )


def _verdict(verdict: Verdict, found: bool) -> document.Verdict:
    place = deployment_words(verdict.deployment) if found else "nothing in the catalogue passes your rules"
    fallback = verdict.fallback
    return document.Verdict(
        headline=_headline(verdict, place) if found else sentence(place),
        place=place,
        model=verdict.model,
        hardware=verdict.hardware,
        provider="" if verdict.hardware else verdict.provider,
        money=money_words(verdict.monthly_usd),
        clarity=verdict.clarity,
        clarity_words=_clarity(verdict) if found else "no option",
        probability=_share_won(verdict.probability) if found else "",
        fallback=f"{fallback.model} on {deployment_words(fallback.deployment)} (lineage: {fallback.lineage})"
        if fallback
        else "",
        reasons=verdict.reasons,
    )


def _share_won(probability: float) -> str:
    return "all" if probability >= 1 else chance_words(probability)


def _clarity(verdict: Verdict) -> str:
    """Say how clear; a close call that one kind of place nearly always wins is close among options, on cost."""
    close = verdict.clarity == "close_call" and verdict.probability >= 0.95
    return "a close call on cost between options" if close else clarity_words(verdict.clarity)


def _headline(verdict: Verdict, place: str) -> str:
    lead = "Too early to be sure; it leans towards " if verdict.clarity == "undetermined" else "Run it on "
    model = f" with {verdict.model}" if verdict.model else ""
    where = f" on {verdict.hardware}" if verdict.hardware else f" from {verdict.provider}" if verdict.provider else ""
    return sentence(f"{lead}{place}{model}{where}")


def _break_even(point: BreakEven) -> str:
    """Say the break-even; one that is never reached is said with the reason."""
    if point.tokens_per_month is not None or not point.against:
        return sentence(point.reason)
    return sentence(f"Never against {point.against}: {point.reason.removeprefix('never: ')}")


def _flip(flip: Flip) -> FlipRow:
    return FlipRow(
        fact=spec_of(flip.fact).label,
        now=fact_value_words(flip.fact, flip.from_value) if flip.from_value is not None else "not known",
        then=fact_value_words(flip.fact, flip.to_value),
        deployment=deployment_words(flip.deployment),
    )
