"""Facts made up by hypothesis for the laws of the engine, and workloads evaluated on them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tools.evaluate import Evaluation, evaluate
from tools.facts import Fact, FactSpec, Portfolio, check_value, fact_dictionary
from tools.portfolio_file import portfolio_from_plain

TODAY = date(2026, 11, 22)
Plain = dict[str, Any]

TASKS = ("chatbot", "classification", "extraction", "agent", "embedding", "translation", "code_assistance")
DIFFICULTIES = ("routine", "moderate", "frontier")
REGIONS = ("us", "eu", "uk", "china")
REGIMES = ("hipaa", "gdpr", "pci_dss", "soc2", "fedramp", "itar", "eu_ai_act_high_risk", "glba")
CLASSES = ("public", "internal", "pii", "health", "classified")


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


organizations: st.SearchStrategy[Plain] = st.fixed_dictionaries(
    {},
    optional={
        "platform_team": st.sampled_from(["none", "building", "in_place"]),
        "chinese_models": st.sampled_from(["allowed", "forbidden", "undecided"]),
        "company_region": st.sampled_from(REGIONS),
        "cloud": st.sampled_from(["aws", "gcp", "azure", "other", "none"]),
        "owned_gpus": st.sampled_from(["8 x H100-SXM-80GB", "4 x L40S"]),
        "annual_revenue": st.sampled_from([10**5, 10**7, 10**9]),
    },
)
workloads: st.SearchStrategy[Plain] = st.fixed_dictionaries(
    {},
    optional={
        "task": st.sampled_from(TASKS),
        "difficulty": st.sampled_from(DIFFICULTIES),
        "error_cost": st.sampled_from(["low", "medium", "high"]),
        "requests_per_day": st.integers(1, 10**7),
        "input_tokens": st.integers(1, 20_000),
        "output_tokens": st.integers(1, 4_000),
        "context_tokens": st.integers(1_000, 1_000_000),
        "cached_share": st.sampled_from([0.0, 0.5, 0.9]),
        "monthly_growth": st.sampled_from([-0.05, 0.0, 0.1]),
        "peak_factor": st.integers(1, 20),
        "interaction": st.sampled_from(["interactive", "background"]),
        "predictability": st.sampled_from(["steady", "seasonal", "unpredictable"]),
        "first_token_seconds": st.sampled_from([0.3, 1.0, 5.0]),
        "tokens_per_second": st.sampled_from([20, 80]),
        "external_api": st.sampled_from(["allowed", "with_safeguards", "forbidden"]),
        "data_class": _some(CLASSES),
        "residency": _some(REGIONS),
        "regulations": st.one_of(_some(REGIMES), st.just(["none"])),
        "customization": st.sampled_from(["prompting", "light_tuning", "deep_tuning"]),
        "air_gapped": st.booleans(),
        "ships_weights": st.booleans(),
        "trains_on_outputs": st.booleans(),
        "criticality": st.sampled_from(["low", "important", "mission_critical"]),
        "weeks_to_launch": st.integers(1, 60),
        "monthly_users": st.sampled_from([10**4, 7 * 10**8, 7 * 10**8 + 1]),
        "user_regions": _some(REGIONS),
    },
)


def portfolio_of(organization: Plain, *facts: Plain, names: tuple[str, ...] = ()) -> Portfolio:
    """Check plain facts as those of a file are checked."""
    named = names or tuple(f"w{i}" for i in range(len(facts)))
    entries = [{"name": name, "facts": plain} for name, plain in zip(named, facts, strict=True)]
    return portfolio_from_plain({"organization": organization, "workloads": entries}, "made up")


def facts_from(organization: Plain, facts: Plain) -> Mapping[str, Fact]:
    """Return the facts of one workload, each checked alone; together they may contradict."""
    both = {**organization, **facts}
    dictionary = fact_dictionary().items()
    return {key: Fact(key, check_value(spec, both[key])) for key, spec in dictionary if key in both}


def evaluated(organization: Plain, facts: Plain, draws: int, on: date = TODAY, seed: int = 0) -> Evaluation:
    """Evaluate one workload."""
    return evaluate(facts_from(organization, facts), on, draws, seed)


def everything_stated(organization: Plain, facts: Plain) -> tuple[Plain, Plain]:
    """State what is usual of every fact that has a prior and was left open, so that nothing is left to chance."""
    stated: dict[str, Plain] = {"organization": dict(organization), "workload": dict(facts)}
    for spec in fact_dictionary().values():
        if spec.prior is not None and spec.key not in stated[spec.scope]:
            stated[spec.scope][spec.key] = _usual(spec)
    return stated["organization"], stated["workload"]


def _usual(spec: FactSpec) -> Any:
    assert spec.prior is not None
    if spec.prior.weights is None:
        return spec.prior.usual
    likeliest = max(spec.prior.weights, key=lambda value: (spec.prior.weights or {})[value])
    if spec.type == "set":
        return likeliest.split("+") if likeliest else ["none"] if "none" in spec.values else list(spec.values[:1])
    return likeliest == "true" if spec.type == "flag" else likeliest
