"""Composes the chapter of one workload: the recommendation in words, and what stands behind it."""

from collections.abc import Iterator, Mapping

from agent.wording import chance_words, clarity_words, deployment_words, number_words
from tools.assessment import BreakEven, Flip, ServerSizing, Verdict, WorkloadAssessment
from tools.facts import Fact, spec_of
from tools.report_basis import Evidence, WorkloadBasis
from ui.render import document
from ui.render.document import DutyRow, EvidenceRow, FallbackPlan, FigurePart, FlipRow, WorkloadPart
from ui.render.options import chosen_option, left_out_words, nothing_passes, option_rows, ruled_out_rows
from ui.render.rows import fact_rows, finding_rows, line_rows
from ui.render.steps import fallback_tests
from ui.render.words import day_words, fact_value_words, money_words, sentence, tokens_words

_LICENCE = "licence"


def compose_workload(
    number: int,
    workload: WorkloadAssessment,
    facts: Mapping[str, Fact],
    shared: Mapping[str, Fact],
    basis: WorkloadBasis,
    figures: tuple[FigurePart, ...],
) -> WorkloadPart:
    """Return the chapter of a workload; `shared` are the organization's facts, which have their own table."""
    chosen, question, options = chosen_option(workload), workload.next_question, option_rows(workload)
    return WorkloadPart(
        anchor=f"workload-{number}",
        name=workload.name,
        volume=tokens_words(workload.tokens_per_month),
        verdict=_verdict(
            workload.verdict,
            chosen is not None,
            nothing_passes(workload),
            next((found.text for found in workload.findings if found.rule == "over_budget"), ""),
        ),
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
        licence_findings=finding_rows([f for f in workload.findings if f.axis == _LICENCE]),
        duties=tuple(
            DutyRow(duty.model, duty.role, duty.licence, duty.clause, sentence(duty.text), duty.source)
            for duty in basis.duties
        ),
        fallback=_fallback(workload),
        evidence=tuple(_evidence(found) for found in basis.evidence),
        sizing=tuple(row for sizing in workload.verdict.sizing for row in _sizing(sizing)),
        sizing_source="; ".join(dict.fromkeys(sizing.source for sizing in workload.verdict.sizing)),
        figures=figures,
    )


def _fallback(workload: WorkloadAssessment) -> FallbackPlan | None:
    fallback = workload.verdict.fallback
    if fallback is None:
        return None
    same = [o for o in workload.options if (o.deployment, o.model) == (fallback.deployment, fallback.model)]
    passing = [option for option in same if option.feasible] or same
    where = passing[0].hardware or passing[0].provider if passing else ""
    return FallbackPlan(
        name=f"{fallback.model} on {deployment_words(fallback.deployment)}{f' ({where})' if where else ''}; "
        f"its lineage is {fallback.lineage}",
        money=money_words(passing[0].monthly_usd if passing else None),
        breaks=tuple(blocker.text for blocker in passing[0].blockers) if passing else (),
        tests=fallback_tests(fallback.deployment),
    )


def _evidence(found: Evidence) -> EvidenceRow:
    needed = "" if found.needed is None else f"the work needs {found.needed:.1f}"
    return EvidenceRow(
        model=found.model,
        role=found.role,
        level=f"{found.level:.1f} ({found.low:.1f} to {found.high:.1f})",
        needed=needed,
        basis=sentence(f"{found.basis} [{found.confidence}]"),
        scores=tuple(
            (score.title, f"{score.score:g}", day_words(score.dated), score.reporting, score.source)
            for score in found.scores
        ),
    )


def _sizing(sizing: ServerSizing) -> Iterator[tuple[str, str]]:
    """Yield the figures with which an engineer checks the servers by hand."""
    yield "Model, precision", f"{sizing.model}, {sizing.precision}; {sizing.weights_gib:g} GiB of weights"
    each = f"{sizing.accelerators_per_replica} x {sizing.accelerator}"
    yield "One replica", f"{each}, {sizing.memory_gib:g} GiB of memory together"
    yield "Requests per second at the peak", number_words(sizing.peak_requests_per_second)
    yield "Seconds of a replica per request", number_words(float(f"{sizing.seconds_per_request:.3g}"))
    yield "Planned utilisation", f"{sizing.utilisation:.0%}"
    busy = number_words(float(f"{sizing.busy_replicas:.3g}"))
    yield "Replicas", f"{busy} busy at the peak, rounded up, plus {sizing.spare_replicas} spare: {sizing.replicas}"
    yield (
        "What one user sees",
        (f"first token after {sizing.first_token_seconds:.2g} s, then {sizing.stream_tokens_per_second:,.0f} tokens/s"),
    )


def _verdict(verdict: Verdict, found: bool, barred: bool, budget: str) -> document.Verdict:
    place = "nothing in the catalogue passes your rules" if barred else "no language model is recommended"
    if found:
        place = deployment_words(verdict.deployment)
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
        budget=budget,
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
