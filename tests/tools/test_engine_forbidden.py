"""What facts forbid is neither chosen nor offered as fall-back, on any date of two years of retirements."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from random_facts import Plain, evaluated, facts_from, organizations, workloads

from tools.facts import Fact
from tools.licence import judge_model
from tools.options import Option
from tools.verdict import choose_option, make_verdict


@settings(max_examples=60, deadline=None)
@given(organizations, workloads, st.sampled_from([(2026, 1), (2026, 11), (2027, 3), (2027, 6), (2027, 12)]))
def test_what_is_forbidden_is_neither_chosen_nor_offered(
    organization: Plain, facts: Plain, month: tuple[int, int]
) -> None:
    on = date(*month, 15)
    evaluation = evaluated(organization, facts, 64, on)
    verdict, chosen = make_verdict(evaluation), choose_option(evaluation)
    stated = facts_from(organization, facts)
    if chosen is not None:
        option = evaluation.options[chosen]
        for leg in option.legs or (option,):
            assert _forbidden(leg, {**organization, **facts}, stated, on) == []
    if verdict.fallback is not None:
        same = [
            option
            for option in evaluation.options
            if (option.deployment, option.model, option.lineage)
            == (verdict.fallback.deployment, verdict.fallback.model, verdict.fallback.lineage)
        ]
        # The fall-back names no provider, so one that may be used is enough.
        assert any(_forbidden(option, {**organization, **facts}, stated, on) == [] for option in same)


USABLE = ("allowed", "allowed_with_duties", "review")


def _forbidden(option: Option, plain: Plain, stated: Any, on: date) -> list[str]:
    """Say what an option breaks of what was said, told apart from the engine's own gates wherever possible."""
    regimes, classes = plain.get("regulations", []), plain.get("data_class", [])
    at_home = (
        plain.get("external_api") == "forbidden"
        or plain.get("air_gapped") is True
        or plain.get("ships_weights") is True
        or "itar" in regimes
        or "classified" in classes
    )
    vendor = option.vendor
    broken = {
        "leaves": at_home and option.is_external,
        "country": plain.get("chinese_models") == "forbidden"
        and (option.country == "china" or (vendor is not None and vendor.jurisdiction == "china")),
        "region": option.is_external and not set(plain.get("residency", [])) <= set(option.regions),
        "regime": option.is_external
        and any(vendor is None or vendor.meets(r) is not True for r in {"hipaa", "gdpr", "fedramp"} & set(regimes)),
        "outputs": plain.get("trains_on_outputs") is True and not option.is_open,
        "retired": option.retires is not None and option.retires <= on,
        "licence": not option.is_external and _licence_verdict(option, stated) not in USABLE,
    }  # fmt: skip
    return [rule for rule, found in broken.items() if found]


def _licence_verdict(option: Option, stated: dict[str, Fact]) -> str:
    assert option.checkpoint is not None
    judged = judge_model(option.checkpoint, {key: fact.value for key, fact in stated.items()})
    return judged.verdict if judged else "unknown"
