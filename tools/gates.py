"""The gates: rules that rule options out, each with the facts and the source behind it. It knows no cost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.catalogue.open_models import open_models
from tools.compliance import regime_gaps, safeguards_on_record
from tools.data_files import load_table
from tools.draws import Draws, Mask
from tools.errors import InvalidInput
from tools.facts import FactValue, fact_dictionary
from tools.licence import judge_model
from tools.options import Option
from tools.volume import longest_request

Blocks = Callable[[Option, Draws], Mask | bool]


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule. A hard gate is never broken; a soft one is, last of all, when nothing else is left."""

    rule: str
    hard: bool
    facts: tuple[str, ...]
    text: str
    source: str


def _leaving(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & draws.is_value("external_api", "forbidden")


def _air_gap(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & draws.is_value("air_gapped", "true")


def _classified(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & (draws.has("data_class", "classified") | draws.has("regulations", "itar"))


def _safeguards(option: Option, draws: Draws) -> Mask | bool:
    """Safeguards mean a data-processing agreement on record."""
    if not option.is_external:
        return False
    return draws.is_value("external_api", "with_safeguards") & (not safeguards_on_record(option.vendor))


def _residency(option: Option, draws: Draws) -> Mask | bool:
    if not option.is_external:
        return False
    outside = [region for region in ("us", "eu", "uk", "china", "other") if region not in option.regions]
    return draws.has("residency", *outside) if outside else False


def _regime(option: Option, draws: Draws) -> Mask | bool:
    """A provider must be on record for the regimes that ask something of it."""
    gaps = regime_gaps(option.vendor) if option.is_external else frozenset()
    return draws.has("regulations", *sorted(gaps)) if gaps else False


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
    """A checkpoint's licence binds whoever uses it, on own servers or through a host; the licensor's API aside."""
    if option.checkpoint is None or (option.vendor is not None and option.vendor.id == option.lineage):
        return False
    return licence_outcome(option.model, _hashable(draws.known)) in ("forbidden", "needs_agreement", "unknown")


def _ships(option: Option, draws: Draws) -> Mask | bool:
    return option.is_external & draws.is_value("ships_weights", "true")


def _outputs(option: Option, draws: Draws) -> Mask | bool:
    return (not option.is_open) & draws.is_value("trains_on_outputs", "true")


def _context(option: Option, draws: Draws) -> Mask | bool:
    if option.max_context is None:
        return False
    return np.asarray(longest_request(draws) > option.max_context)


def _task(option: Option, draws: Draws) -> Mask | bool:
    wrong = draws.is_value("task", "embedding") != option.embedding
    if option.checkpoint is not None and option.checkpoint.use == "code":
        wrong = wrong | ~draws.is_value("task", "code_assistance", "agent")
    return np.asarray(wrong)


def _preview(option: Option, draws: Draws) -> Mask | bool:
    return option.preview


def _team(option: Option, draws: Draws) -> Mask | bool:
    return option.runs_servers & draws.is_value("platform_team", "none")


def _time(option: Option, draws: Draws) -> Mask | bool:
    if option.runs_servers:
        needed = draws.code_table("platform_team", assumption("self_host_weeks").value)
    else:
        key = "private_weeks" if option.deployment == "private_api" else "hosted_weeks"
        needed = np.asarray(assumption(key).number)
    return draws.number("weeks_to_launch") < needed


def _tuning(option: Option, draws: Draws) -> Mask | bool:
    tuned = option.tuning is not None and option.tuning.depth == "deep"
    return (option.is_external and not tuned) & draws.is_value("customization", "deep_tuning")


def _light_tuning(option: Option, draws: Draws) -> Mask | bool:
    return (option.is_external and option.tuning is None) & draws.is_value("customization", "light_tuning")


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
    "light_tuning": _light_tuning,
    "deep_tuning": _tuning,
}
# Rules that look at costs and levels; `evaluate` fills them in.
_COMPUTED = frozenset({"latency_floor", "latency", "capability"})

# What of an option a rule looks at: options that agree in it are judged once.
_LOOKS_AT: Mapping[str, Callable[[Option], object]] = {
    "residency": lambda o: (o.is_external, o.regions),
    "country_policy": lambda o: (o.country, o.vendor.id if o.vendor else None),
    "licence": lambda o: (o.model if o.checkpoint else None, o.vendor.id if o.vendor else None),
    "outputs_train_models": lambda o: (o.is_open, o.model if o.checkpoint else None),
    "context_length": lambda o: o.max_context,
    "kind_of_model": lambda o: (o.embedding, o.checkpoint.use if o.checkpoint else None),
    "preview_model": lambda o: o.preview,
    "light_tuning": lambda o: (o.is_external, o.tuning is not None),
    "deep_tuning": lambda o: (o.is_external, o.tuning.depth if o.tuning else None),
}


@cache
def gates() -> tuple[Gate, ...]:
    """Load the gates in the order of their table; soft gates are broken in that order."""
    entries = load_table("gates.yaml")["gates"]
    names = [entry["rule"] for entry in entries]
    expected = sorted((*_BLOCKS, *_COMPUTED))
    if sorted(names) != expected:
        raise InvalidInput(f"tools/data/gates.yaml: rules: expected exactly {', '.join(expected)}")
    return tuple(Gate(e["rule"], e["hard"], tuple(e["facts"]), e["text"], e["source"]) for e in entries)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """For one rule: an option for each distinct thing it looks at, and which of them each kind of option is."""

    rule: str
    examples: tuple[Option, ...]
    codes: npt.NDArray[np.int64]

    def mask(self, draws: Draws) -> Mask:
        """Return in which draws each kind is blocked, shape (kinds, draws)."""
        block = _BLOCKS[self.rule]
        rows = np.empty((len(self.examples), draws.count), bool)
        for row, option in zip(rows, self.examples, strict=True):
            row[:] = block(option, draws)
        return rows[self.codes]


def judged_rules(kinds: Sequence[Option]) -> tuple[Judged, ...]:
    """Group the kinds of options by what each rule looks at."""
    found = []
    for rule in _BLOCKS:
        looks_at = _LOOKS_AT.get(rule, _by_vendor)
        places: dict[object, int] = {}
        codes = [places.setdefault(looks_at(option), len(places)) for option in kinds]
        examples = [kinds[codes.index(place)] for place in range(len(places))]
        found.append(Judged(rule, tuple(examples), np.array(codes, np.int64)))
    return tuple(found)


def _by_vendor(option: Option) -> object:
    return option.deployment, option.is_external, option.vendor.id if option.vendor else None


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
