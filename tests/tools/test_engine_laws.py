"""Laws of the whole engine under made-up facts: sums, more usage, tighter gates, order, seeds, flips."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_facts import (
    DIFFICULTIES,
    REGIMES,
    REGIONS,
    TODAY,
    Plain,
    evaluated,
    everything_stated,
    facts_from,
    organizations,
    portfolio_of,
    workloads,
)

from tools.assess import assess
from tools.bills import bill_of
from tools.draws import Mask, draw_facts
from tools.evaluate import Evaluation, evaluate_draws
from tools.facts import Fact, fact_dictionary
from tools.flips import deployment_of, find_flips
from tools.gates import gates
from tools.verdict import make_verdict

FEW = 8
SERVICE: Plain = {"platform_team": "in_place", "cloud": "aws"}
# What brings each way of paying into play; the name of the line says that it did.
WAYS: tuple[tuple[str, Plain, Plain], ...] = (
    ("rented on demand", SERVICE, {"predictability": "unpredictable"}),
    ("reserved for a year", SERVICE, {"predictability": "steady"}),
    ("only while there is work", SERVICE, {"interaction": "background", "criticality": "low", "requests_per_day": 50}),
    ("bought with its host", {"cloud": "none"}, {"air_gapped": True}),
    ("electricity", {"owned_gpus": "8 x H100-SXM-80GB", "platform_team": "in_place"}, {"requests_per_day": 9000}),
    ("the router", {"platform_team": "none"}, {"task": "agent", "difficulty": "frontier", "external_api": "allowed"}),
    ("training", {}, {"customization": "light_tuning"}),
    ("premium for a fixed region", {}, {"residency": ["us"]}),
)


# --- Totals ---


@settings(max_examples=10, deadline=None)
@given(organizations, workloads)
def test_every_total_is_the_sum_of_its_lines_and_the_matrix_agrees(organization: Plain, facts: Plain) -> None:
    _check_sums(evaluated(organization, facts, FEW))


@pytest.mark.parametrize(("line", "organization", "facts"), WAYS, ids=[way[0] for way in WAYS])
def test_totals_hold_for_every_way_of_paying(line: str, organization: Plain, facts: Plain) -> None:
    seen = _check_sums(evaluated(organization, {"task": "chatbot", **facts}, FEW))
    assert any(line in name for name in seen), sorted(seen)


def _check_sums(evaluation: Evaluation) -> set[str]:
    """Hold every option's lines, bill and row of the matrix against each other; return the names of the lines."""
    seen: set[str] = set()
    for index, option in enumerate(evaluation.options):
        for row in np.unique(evaluation.best_server[index]):
            concrete = option if row < 0 else evaluation.option_set.on_server(row)
            if any(leg.server is not None for leg in option.legs):
                continue  # its own servers are picked anew for a part of the volume
            bill = bill_of(concrete, evaluation.volume, evaluation.draws, evaluation.on)
            total = np.broadcast_to(bill.total_usd, (FEW,))
            here = evaluation.best_server[index] == row
            np.testing.assert_allclose(total[here], evaluation.monthly_usd[index][here], rtol=1e-9)
            if np.isfinite(total).any():
                lines = bill.lines()
                assert sum(line.amount_usd or 0.0 for line in lines) == pytest.approx(total[np.isfinite(total)].mean())
                seen.update(line.name for line in lines)
    return seen


OPEN = sorted(key for key, spec in fact_dictionary().items() if spec.prior is not None)


@pytest.mark.parametrize("cloud", ["aws", "none"])
@pytest.mark.parametrize("key", OPEN)
def test_any_one_fact_may_be_all_that_is_unknown(key: str, cloud: str) -> None:
    """Then most arrays have one column and one has a column per draw, in an order that no other test meets."""
    organization, facts = everything_stated({"cloud": cloud, "platform_team": "in_place"}, {"regulations": ["none"]})
    left = [{k: v for k, v in stated.items() if k != key} for stated in (organization, facts)]
    _check_sums(evaluated(left[0], left[1], FEW))


# --- More usage ---

GROWING = {
    "requests_per_day": st.floats(0.1, 1e7),
    "input_tokens": st.floats(1, 150_000),
    "output_tokens": st.floats(1, 20_000),
    "peak_factor": st.floats(1, 50),
    "monthly_growth": st.floats(-0.3, 0.3),
}


@settings(max_examples=30, deadline=None)
@given(organizations, workloads, st.data())
def test_more_usage_never_costs_less(organization: Plain, facts: Plain, data: st.DataObject) -> None:
    """Each kind of option, in each draw, as long as it still does what is asked: a cheaper server that misses the
    latency is no saving, and is ruled out for it."""
    key = data.draw(st.sampled_from(sorted(GROWING)))
    less, more = sorted((data.draw(GROWING[key]), data.draw(GROWING[key])))
    few, many = (evaluated(organization, {**facts, key: value}, 16) for value in (less, more))
    kinds = len(few.option_set.kinds)  # routers are put together anew for each volume
    able = ~(many.blocked["latency"] | many.blocked["context_length"])[:kinds]
    cheaper = many.monthly_usd[:kinds] < few.monthly_usd[:kinds] * (1 - 1e-9)
    wrong = np.argwhere(cheaper & able)
    assert len(wrong) == 0, (key, less, more, _names(few, wrong[:, 0]))


def _names(evaluation: Evaluation, rows: Any) -> list[str]:
    return sorted({f"{o.deployment} {o.model} {o.provider}" for o in (evaluation.options[i] for i in rows)})[:5]


# --- Tighter gates ---


def _steps(key: str, *values: Any) -> list[tuple[str, Any, Any]]:
    return [(key, values[i], values[j]) for i in range(len(values)) for j in range(i + 1, len(values))]


TIGHTER: list[tuple[str, Any, Any]] = [
    *_steps("external_api", "allowed", "with_safeguards", "forbidden"),
    *_steps("chinese_models", "allowed", "undecided", "forbidden"),
    *_steps("air_gapped", False, True),
    *_steps("ships_weights", False, True),
    *_steps("trains_on_outputs", False, True),
    *_steps("difficulty", *DIFFICULTIES),
    *_steps("error_cost", "low", "medium", "high"),
    *_steps("context_tokens", 4_000, 130_000, 900_000, 3_000_000),
    *_steps("weeks_to_launch", 52, 20, 6, 2, 0),
    *_steps("platform_team", "in_place", "building", "none"),
    *_steps("monthly_users", 10**4, 7 * 10**8, 7 * 10**8 + 1),
    *_steps("annual_revenue", 10**5, 5 * 10**7, 10**10),
    *_steps("tokens_per_second", 10, 50, 200),
    *_steps("first_token_seconds", 10, 1, 0.1),
    *_steps("residency", ["eu"], ["us", "eu"], ["us", "eu", "china"]),
    *_steps("regulations", ["none"], ["hipaa"], ["hipaa", "gdpr"], ["hipaa", "gdpr", "itar"]),
    *_steps("data_class", ["internal"], ["internal", "pii"], ["internal", "pii", "classified"]),
]
OF_ORGANIZATION = ("chinese_models", "platform_team", "annual_revenue")


@settings(max_examples=60, deadline=None)
@given(organizations, workloads, st.sampled_from(TIGHTER))
def test_tightening_a_gate_never_adds_an_option(organization: Plain, facts: Plain, step: tuple[str, Any, Any]) -> None:
    _check_tighter(organization, facts, *step)


@pytest.mark.parametrize("step", TIGHTER, ids=str)
def test_each_gate_tightens_from_nothing_known(step: tuple[str, Any, Any]) -> None:
    _check_tighter({}, {}, *step)


@settings(max_examples=25, deadline=None)
@given(organizations, workloads, st.data())
def test_more_regions_or_regimes_never_add_an_option(organization: Plain, facts: Plain, data: st.DataObject) -> None:
    key, values = data.draw(st.sampled_from([("residency", REGIONS), ("regulations", REGIMES)]))
    many = data.draw(st.lists(st.sampled_from(values), min_size=2, unique=True))
    few = many[: data.draw(st.integers(1, len(many) - 1))]
    _check_tighter(organization, facts, key, few, many)


def _check_tighter(organization: Plain, facts: Plain, key: str, looser: Any, tighter: Any) -> None:
    in_organization = key in OF_ORGANIZATION
    before, after = (
        evaluated({**organization, key: v} if in_organization else organization,
                  facts if in_organization else {**facts, key: v}, 16)
        for v in (looser, tighter)
    )  # fmt: skip
    # An air gap bars renting, and brings cards into question that nobody rents: these may be quicker.
    looked_at = [gate for gate in gates() if key != "air_gapped" or not gate.rule.startswith("latency")]
    for rules in ([gate.rule for gate in looked_at if gate.hard], [gate.rule for gate in looked_at]):
        freed = _passing(after, rules) & ~_passing(before, rules)
        assert not freed.any(), (key, looser, tighter, _names(before, np.flatnonzero(freed.any(axis=1))))
    _check_routers(after)


def _passing(evaluation: Evaluation, rules: list[str]) -> Mask:
    """Say where a kind passes all of the rules; routers are put together from what passes, and are looked at below."""
    blocked = [evaluation.blocked[rule][: len(evaluation.option_set.kinds)] for rule in rules]
    return np.asarray(~np.logical_or.reduce(blocked))


def _check_routers(evaluation: Evaluation) -> None:
    """A router passes no hard gate that one of its legs does not pass."""
    kinds = {id(option): row for row, option in enumerate(evaluation.option_set.kinds)}
    for index, option in enumerate(evaluation.options):
        for leg in option.legs:
            assert not (evaluation.hard[index] & ~evaluation.hard[kinds[id(leg)]]).any(), option.model


# --- Order, seeds, flips ---

SHARING: tuple[Plain, ...] = (
    {"task": "chatbot", "difficulty": "routine", "external_api": "forbidden", "requests_per_day": 40_000},
    {"task": "summarization", "external_api": "forbidden", "requests_per_day": 9000, "predictability": "unpredictable"},
    {"task": "extraction", "external_api": "allowed", "requests_per_day": 90_000, "interaction": "background"},
    {"task": "agent", "difficulty": "frontier", "external_api": "allowed", "requests_per_day": 300},
)  # fmt: skip


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(len(SHARING))))
def test_the_order_of_workloads_changes_nothing(order: list[int]) -> None:
    organization = {"platform_team": "in_place", "platform_engineers": 3, "cloud": "aws"}
    names = tuple(f"workload {i}" for i in range(len(SHARING)))
    straight = assess(portfolio_of(organization, *SHARING, names=names), TODAY, draws=64)
    shuffled = assess(
        portfolio_of(organization, *(SHARING[i] for i in order), names=tuple(names[i] for i in order)), TODAY, draws=64
    )
    assert {w.name: w for w in shuffled.workloads} == {w.name: w for w in straight.workloads}
    one, other = straight.portfolio, shuffled.portfolio
    assert one.plan is not None
    assert other.plan is not None
    assert one.plan.monthly_usd == pytest.approx(other.plan.monthly_usd, rel=1e-9)
    assert one.plan.separate_usd == pytest.approx(other.plan.separate_usd, rel=1e-9)
    assert {w.name: w for w in one.plan.workloads} == {w.name: w for w in other.plan.workloads}
    assert sum(line.amount_usd or 0.0 for line in one.plan.lines) == pytest.approx(one.plan.monthly_usd)
    assert {share.name: share.share for share in one.vendors} == pytest.approx({s.name: s.share for s in other.vendors})
    assert one.availability == pytest.approx(other.availability)


@settings(max_examples=10, deadline=None)
@given(organizations, workloads, st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_answer(organization: Plain, facts: Plain, seed: int) -> None:
    one, other = (evaluated(organization, facts, 32, seed=seed) for _ in range(2))
    np.testing.assert_array_equal(one.monthly_usd, other.monthly_usd)
    np.testing.assert_array_equal(one.winners.index, other.winners.index)
    assert make_verdict(one) == make_verdict(other)


@settings(max_examples=6, deadline=None)
@given(organizations, workloads)
def test_every_flip_when_applied_does_flip(organization: Plain, facts: Plain) -> None:
    stated = facts_from(organization, facts)
    evaluation = evaluate_draws(draw_facts(stated, 64, 0), TODAY)
    for flip in find_flips(stated, evaluation):
        changed = {**stated, flip.fact: Fact(flip.fact, flip.to_value)}
        after = deployment_of(evaluate_draws(draw_facts(changed, 64, 0), TODAY))
        assert after == flip.deployment != deployment_of(evaluation), flip
