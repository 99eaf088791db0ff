"""Laws of the licence verdict over all checkpoints: what may never make a use more permissive."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tools.catalogue.licence_names import Terms, terms_of
from tools.catalogue.licences import licences
from tools.catalogue.open_models import open_models
from tools.facts import FactValue, Range
from tools.licence import LicenceVerdict, judge_licence, judge_terms

_ORDER = ("allowed", "allowed_with_duties", "review", "needs_agreement", "forbidden")
_REGIONS = ("us", "eu", "uk", "china", "other")
_TERMS = [terms for model in open_models().values() if (terms := terms_of(model)) is not None]
_TERMS += [Terms((licence,)) for licence in licences().values()]

# Values on and beside every threshold in the table, so that the edges are hit and not passed over.
_EDGES = sorted(
    {
        threshold.value * periods + step
        for licence in licences().values()
        for threshold in licence.thresholds
        if threshold.value is not None
        for periods in (1, 12)
        for step in (-1, 0, 1)
    }
)
terms = st.sampled_from(_TERMS)
amounts = st.one_of(st.sampled_from(_EDGES), st.floats(0, 2e10, allow_nan=False))
flags = st.sampled_from([True, False, None])
facts = st.fixed_dictionaries(
    {},
    optional={
        "monthly_users": amounts,
        "annual_revenue": amounts,
        "company_region": st.sampled_from(_REGIONS),
        "user_regions": st.sets(st.sampled_from(_REGIONS), min_size=1).map(lambda s: tuple(sorted(s))),
        "ships_weights": st.booleans(),
        "trains_on_outputs": st.booleans(),
        "sector": st.sampled_from(["general", "healthcare", "finance", "defense", "government", "legal"]),
        "regulations": st.sampled_from([("none",), ("gdpr",), ("itar",)]),
        "data_class": st.sampled_from([("public",), ("classified",)]),
        "customization": st.sampled_from(["prompting", "light_tuning"]),
    },
)


def severity(verdict: LicenceVerdict) -> int:
    return _ORDER.index(verdict.verdict)


def changed(base: dict[str, FactValue], **more: FactValue) -> dict[str, FactValue]:
    return {**base, **more}


@given(terms, facts, st.sampled_from(["monthly_users", "annual_revenue"]), amounts, amounts)
def test_more_users_or_revenue_is_never_more_permissive(
    terms: Terms, base: dict[str, FactValue], fact: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    fewer, more = (judge_terms(terms, changed(base, **{fact: value})) for value in (low, high))
    assert severity(fewer) <= severity(more)


@given(terms, facts, st.sampled_from(["monthly_users", "annual_revenue"]), amounts, amounts)
def test_a_range_is_judged_between_its_ends(
    terms: Terms, base: dict[str, FactValue], fact: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    ends = [judge_terms(terms, changed(base, **{fact: value})) for value in (low, high)]
    whole = judge_terms(terms, changed(base, **{fact: Range(low, high)}))
    assert severity(ends[0]) <= severity(whole) <= severity(ends[1])


@given(terms, facts, st.sets(st.sampled_from(_REGIONS), min_size=1), st.sampled_from(_REGIONS))
def test_one_more_territory_is_never_more_permissive(
    terms: Terms, base: dict[str, FactValue], regions: set[str], more: str
) -> None:
    fewer = judge_terms(terms, changed(base, user_regions=tuple(sorted(regions))))
    wider = judge_terms(terms, changed(base, user_regions=tuple(sorted(regions | {more}))))
    assert severity(fewer) <= severity(wider)


@given(terms, facts, st.sampled_from(["ships_weights", "trains_on_outputs"]))
def test_doing_more_is_never_more_permissive(terms: Terms, base: dict[str, FactValue], fact: str) -> None:
    without, doing = (judge_terms(terms, changed(base, **{fact: value})) for value in (False, True))
    assert severity(without) <= severity(doing)


@given(terms, facts, st.sampled_from(["monthly_users", "annual_revenue", "ships_weights", "trains_on_outputs"]))
def test_an_unknown_fact_forbids_nothing_and_is_listed_where_it_matters(
    terms: Terms, base: dict[str, FactValue], fact: str
) -> None:
    base.pop(fact, None)
    unknown = judge_terms(terms, base)
    worst: FactValue = True if fact in ("ships_weights", "trains_on_outputs") else 1e10 if "users" in fact else 1e13
    worse = judge_terms(terms, changed(base, **{fact: worst}))
    assert severity(unknown) <= max(severity(worse), _ORDER.index("allowed_with_duties"))
    if severity(worse) > severity(unknown):
        assert fact in unknown.unknown_facts


@given(terms, facts)
def test_the_verdict_is_that_of_the_first_rule_and_every_rule_says_where_it_stands(
    terms: Terms, base: dict[str, FactValue]
) -> None:
    verdict = judge_terms(terms, base)
    outcome = {"fine": "allowed", "check": "allowed", "duty": "allowed_with_duties", "condition": "allowed_with_duties"}
    first = verdict.rules[0].effect
    assert verdict.verdict == outcome.get(first, first)
    for rule in (*verdict.rules, *verdict.notes):
        assert rule.clause.strip()
        assert rule.text.strip()
        assert rule.source.strip()
    assert not {fact for fact in verdict.unknown_facts if fact in base}


@given(facts)
def test_licences_that_bind_together_are_as_strict_as_the_strictest(base: dict[str, FactValue]) -> None:
    both = Terms((licences()["mit"], licences()["llama3.3"]))
    alone = [judge_terms(replace(both, licences=(licence,)), base) for licence in both.licences]
    assert severity(judge_terms(both, base)) == max(map(severity, alone))
    assert judge_licence(licences()["mit"], base).verdict == alone[0].verdict
