"""The gates: rules that rule options out, each with the facts and the source behind it. It knows no cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from tools.assumptions import assumption
from tools.catalogue.open_models import TIERS, open_models
from tools.data_files import load_table
from tools.draws import Draws, Mask
from tools.errors import InvalidInput
from tools.facts import FactValue, fact_dictionary
from tools.licence import judge_model
from tools.options import Option

Blocks = Callable[[Option, Draws], Mask | bool]


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule. A hard gate is never broken; a soft one is, last of all, when nothing else is left."""

    rule: str
    hard: bool
    facts: tuple[str, ...]
    text: str
    source: str
    blocks: Blocks

    def mask(self, option: Option, draws: Draws) -> Mask:
        """Return in which draws the option is blocked."""
        return np.asarray(self.blocks(option, draws), dtype=bool)


def _leaving(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & draws.is_value("external_api", "forbidden")


def _air_gap(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & draws.is_value("air_gapped", "true")


def _classified(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & (draws.has("data_class", "classified") | draws.has("regulations", "itar"))


def _safeguards(option: Option, draws: Draws) -> Mask | bool:
    """Safeguards mean a data-processing agreement on record: GDPR terms or a business associate agreement."""
    if not option.is_external:
        return False
    recorded = option.vendor is not None and (
        option.vendor.meets("gdpr") is True
        or option.vendor.meets("hipaa") is True
        or option.vendor.meets("soc2") is True
    )
    return draws.is_value("external_api", "with_safeguards") & (not recorded)


def _residency(option: Option, draws: Draws) -> Mask | bool:
    if not option.is_external:
        return False
    outside = [region for region in ("us", "eu", "uk", "china", "other") if region not in option.regions]
    return draws.has("residency", *outside) if outside else False


def _regime(option: Option, draws: Draws) -> Mask | bool:
    """A vendor must be on record for the regimes that need an agreement or a certificate from it."""
    if not option.is_external:
        return False
    lacking = [
        regime
        for regime in ("hipaa", "pci_dss", "fedramp", "gdpr")
        if option.vendor is None or option.vendor.meets(regime) is not True
    ]
    return draws.has("regulations", *lacking) if lacking else False


def _country(option: Option, draws: Draws) -> Mask | bool:
    chinese = option.country == "china" or (option.vendor is not None and option.vendor.jurisdiction == "china")
    return draws.is_value("chinese_models", "forbidden") & chinese


def _jurisdiction(option: Option, draws: Draws) -> Mask | bool:
    """A host in China gets anything but public text only from companies there."""
    if option.vendor is None or option.vendor.jurisdiction != "china":
        return False
    private = draws.has("data_class", *(v for v in fact_dictionary()["data_class"].values if v != "public"))
    return np.asarray(private & ~draws.is_value("company_region", "china"))


def _licence(option: Option, draws: Draws) -> Mask | bool:
    if option.server is None:  # a host has its own agreement; its terms pass the duties on
        return False
    return licence_outcome(option.model, _hashable(draws.known)) in (
        "forbidden",
        "needs_agreement",
        "unknown",
    )


def _ships(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & draws.is_value("ships_weights", "true")


def _outputs(option: Option, draws: Draws) -> Mask | bool:
    return (not option.is_open) & draws.is_value("trains_on_outputs", "true")


def _context(option: Option, draws: Draws) -> Mask | bool:
    if option.max_context is None:
        return False
    return np.asarray(draws.number("context_tokens") > option.max_context)


def _task(option: Option, draws: Draws) -> Mask | bool:
    return np.asarray(draws.is_value("task", "embedding") != option.embedding)


def _preview(option: Option, draws: Draws) -> Mask | bool:
    return option.preview


def _team(option: Option, draws: Draws) -> Mask | bool:
    return (option.server is not None) & draws.is_value("platform_team", "none")


def _time(option: Option, draws: Draws) -> Mask | bool:
    if option.server is not None:
        needed = draws.code_table("platform_team", assumption("self_host_weeks").value)
    else:
        key = "private_weeks" if option.deployment == "private_api" else "hosted_weeks"
        needed = np.asarray(assumption(key).number)
    return draws.number("weeks_to_launch") < needed


def _tuning(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & draws.is_value("customization", "deep_tuning")


def _capability(option: Option, draws: Draws) -> Mask | bool:
    return capability_shortfall(option, draws) > 0


def capability_shortfall(option: Option, draws: Draws) -> np.ndarray:
    """Return how many classes the option lacks for the difficulty; the user's own scores overrule the classes."""
    if option.embedding:  # classes rank writing; embedding models are ranked by nothing here
        return np.asarray(0)
    needed = draws.code_table("difficulty", {tier: index for index, tier in enumerate(_DIFFICULTIES)})
    shortfall = np.maximum(needed - option.tier, 0)
    if option.is_open:
        wide = draws.is_value("task", *assumption("wide_gap_tasks").value)
        shortfall = np.where(wide & (needed >= 2), np.maximum(shortfall, 1), shortfall)
    if option.deployment in ("hosted_open", "self_hosted", "hybrid") and {
        "flagship_score",
        "open_score",
    } <= set(draws.known):
        gap = draws.number("flagship_score") - draws.number("open_score")
        bearable = draws.code_table("error_cost", assumption("score_tolerance").value)
        by_score = np.where(gap > bearable, np.maximum(shortfall, 1), 0)
        # Scores are of the best open model tried: they speak for models of the best open class only.
        return np.asarray(by_score if option.tier >= 1 else np.maximum(by_score, shortfall))
    return np.asarray(shortfall)


_DIFFICULTIES = TIERS

_BLOCKS: Mapping[str, Blocks] = {
    "data_may_not_leave": _leaving,
    "air_gap": _air_gap,
    "classified_data": _classified,
    "safeguards": _safeguards,
    "residency": _residency,
    "regime": _regime,
    "country_policy": _country,
    "host_jurisdiction": _jurisdiction,
    "licence": _licence,
    "weights_delivered": _ships,
    "outputs_train_models": _outputs,
    "context_length": _context,
    "kind_of_model": _task,
    "preview_model": _preview,
    "time_to_launch": _time,
    "platform_team": _team,
    "deep_tuning": _tuning,
    "capability": _capability,
}


@cache
def gates() -> tuple[Gate, ...]:
    """Load the gates in the order of their table; soft gates are broken in that order."""
    entries = load_table("gates.yaml")["gates"]
    names = [entry["rule"] for entry in entries]
    if sorted(names) != sorted(_BLOCKS):
        raise InvalidInput(f"tools/data/gates.yaml: rules: expected exactly {', '.join(_BLOCKS)}")
    return tuple(
        Gate(e["rule"], e["hard"], tuple(e["facts"]), e["text"], e["source"], _BLOCKS[e["rule"]]) for e in entries
    )


def _hashable(known: Mapping[str, FactValue]) -> tuple[tuple[str, FactValue], ...]:
    return tuple(sorted((key, value) for key, value in known.items() if key in _LICENCE_FACTS))


_LICENCE_FACTS = frozenset(
    (
        "monthly_users", "annual_revenue", "company_region", "user_regions", "ships_weights", "trains_on_outputs",
        "sector", "regulations", "data_class",
    )
)  # fmt: skip


@cache
def licence_outcome(model_id: str, facts: tuple[tuple[str, FactValue], ...]) -> str:
    """Judge a checkpoint's licence for stated facts, 'unknown' without one; cached, for servers share few models."""
    verdict = judge_model(open_models()[model_id], dict(facts))
    return "unknown" if verdict is None else verdict.verdict
