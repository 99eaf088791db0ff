"""What the catalogues say of a model that bears on its capability, and which measured sibling is most like it."""

import math
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from tools.capability_evidence import method
from tools.capability_levels import evidence_on
from tools.catalogue.open_models import OpenModel, Tier, open_models
from tools.catalogue.proprietary import ProprietaryModel, proprietary_models
from tools.errors import UnknownName


@dataclass(frozen=True, slots=True)
class Profile:
    """A model of either catalogue. `size_b` is billions of weights; None is unknown."""

    id: str
    evidence_id: str
    lineage: str
    tier: Tier
    tier_basis: str
    use: str
    size_b: float | None = None
    effective_b: float | None = None
    released: date | None = None


@dataclass(frozen=True, slots=True)
class Sibling:
    """A measured checkpoint of the same lineage and like size, and the level it lends."""

    id: str
    level: float


@cache
def profile_of(model_id: str) -> Profile:
    """Return what the catalogues say of a model, or raise UnknownName."""
    if model_id in open_models():
        return _of_checkpoint(open_models()[model_id])
    if model_id in proprietary_models():
        return _of_bought(proprietary_models()[model_id])
    raise UnknownName.of("model", model_id, (*proprietary_models(), *open_models()))


def _of_checkpoint(model: OpenModel) -> Profile:
    total, active = model.params_total_b, model.params_active_b
    effective = math.sqrt(total * (active or total)) if total else None
    return Profile(
        model.id, model.id, model.lineage, model.tier, model.tier_basis, model.use, total, effective,
        _released(model.released),
    )  # fmt: skip


def _of_bought(model: ProprietaryModel) -> Profile:
    """A model whose weights are also open has the scores and the size of its checkpoint."""
    twin = open_models().get(model.open_model_id) if model.open_model_id else None
    use = "embedding" if model.size == "embedding" else "general"
    if twin is None:
        return Profile(model.id, model.id, model.lineage, model.tier, model.tier_basis, use)
    like = _of_checkpoint(twin)
    return replace(like, id=model.id, lineage=model.lineage, tier=model.tier, tier_basis=model.tier_basis, use=use)


def _released(text: str) -> date:
    """Read '2026-08-21', '2026-08', '2026-H2' or '2026'; what is left open is taken to be its middle."""
    parts = text.split("-")
    if len(parts) == 1 or parts[1].startswith("H"):
        month = {"H1": 4, "H2": 10}.get(parts[1] if len(parts) > 1 else "", 7)
        return date(int(parts[0]), month, 1)
    return date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 15)


@cache
def _by_lineage() -> dict[str, tuple[Profile, ...]]:
    grouped: dict[str, list[Profile]] = {}
    for model_id in open_models():
        profile = profile_of(model_id)
        grouped.setdefault(profile.lineage, []).append(profile)
    return {lineage: tuple(found) for lineage, found in grouped.items()}


def measured_sibling(profile: Profile, task: str, on: date) -> Sibling | None:
    """Return the most alike checkpoint of the lineage that was measured for the task; None without one."""
    if profile.effective_b is None or profile.released is None:
        return None
    found = [
        (distance, other.id, level)
        for other in _by_lineage().get(profile.lineage, ())
        if other.id != profile.evidence_id and other.use == profile.use
        if (distance := _distance(profile, other)) is not None
        if (level := _lent(profile, other, task, on)) is not None
    ]
    if not found:
        return None
    _, name, level = min(found)
    return Sibling(name, level)


def _distance(one: Profile, other: Profile) -> float | None:
    """How unlike two checkpoints are in size and age; None when too unlike to speak for each other."""
    if not (one.effective_b and one.released and other.effective_b and other.released):
        return None
    rules = method()
    size = abs(math.log(one.effective_b / other.effective_b)) / math.log(rules.sibling_size_factor)
    age = abs((one.released - other.released).days) / rules.sibling_days
    return size + age if size <= 1.0 and age <= 1.0 else None


def _lent(profile: Profile, other: Profile, task: str, on: date) -> float | None:
    """The level of a sibling's own tests, less the penalty when the sibling is the newer model."""
    rules = method()
    lines = evidence_on(on).get((other.id, task), ())
    weight = sum(line.weight for line in lines)
    if weight < rules.measured_from_weight or profile.released is None or other.released is None:
        return None
    level = sum(line.weight * line.level for line in lines) / weight
    newer = (other.released - profile.released).days > rules.sibling_days / 4
    return level - (rules.newer_sibling_penalty if newer else 0.0)
