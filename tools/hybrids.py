"""Routers inside one workload: a cheap model for the easy share, a flagship for the hard one. It knows no gate."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from tools.assessment import Deployment
from tools.bills import hard_share
from tools.draws import Draws, Floats, Mask
from tools.levels import Steps
from tools.option_set import OptionSet
from tools.options import Option
from tools.people import people_usd
from tools.running_costs import server_kind_usd
from tools.volume import Volume

_FLAGSHIPS = 3
_FLAGSHIP_KINDS: tuple[Deployment, ...] = ("proprietary_api", "private_api")
_EASY_KINDS: tuple[Deployment, ...] = ("proprietary_api", "hosted_open", "self_hosted")


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """What is known of the single options when routers are put together; matrices of shape (kinds, draws).

    `easy_steps`: capability missing for the easy share alone.
    """

    options: OptionSet
    running_usd: Floats
    hard: Mask
    steps: Steps
    easy_steps: Steps

    @property
    def mean_usd(self) -> Floats:
        """Mean running cost per kind; infinite where it is unknown in some draw."""
        return np.asarray(self.running_usd.mean(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Routers:
    """Pairs of kinds (rows of the option set) with what they cost per month, people included, and lack."""

    options: tuple[Option, ...]
    rows: tuple[tuple[int, int], ...]
    monthly_usd: Floats
    running_usd: Floats
    steps: Steps


def propose_routers(field: Field, volume: Volume, draws: Draws) -> Routers:
    """Pair the cheapest adequate flagships with the cheapest models that do for the easy share."""
    pairs = [
        (easy, flagship)
        for easy, flagship in product(_easy_models(field), _flagships(field))
        if field.options.kinds[easy].model != field.options.kinds[flagship].model
        and field.mean_usd[easy] < field.mean_usd[flagship]
    ]
    if not pairs:
        none = np.zeros((0, draws.count))
        return Routers((), (), none, none, none.astype(np.int64))
    options = tuple(_router(field.options.kinds[easy], field.options.kinds[hard]) for easy, hard in pairs)
    share = np.broadcast_to(hard_share(draws), (draws.count,))
    easy_usd = {easy: _easy_usd(field, easy, share, volume, draws) for easy in {pair[0] for pair in pairs}}
    running = np.stack([easy_usd[easy] + share * field.running_usd[hard] for easy, hard in pairs])
    people = np.broadcast_to(people_usd(options[0], draws), (draws.count,))
    people_rows = np.stack([np.broadcast_to(people_usd(o, draws), people.shape) for o in options])
    dear_errors = draws.is_value("error_cost", "high")  # what the router sends wrong fails silently
    steps = np.stack(
        [
            np.maximum(np.where(dear_errors, field.steps[easy], field.easy_steps[easy]), field.steps[hard])
            for easy, hard in pairs
        ]
    )
    return Routers(options, tuple(pairs), running + people_rows, running, steps)


def _easy_usd(field: Field, easy: int, share: Floats, volume: Volume, draws: Draws) -> Floats:
    if field.options.kinds[easy].server is None:
        return np.asarray((1.0 - share) * field.running_usd[easy])  # tokens are linear in requests
    return server_kind_usd(field.options, easy, volume.scaled(1.0 - share), draws)


def _flagships(field: Field) -> list[int]:
    """Return the cheapest adequate proprietary kinds, one per lineage."""
    adequate = (field.hard & (field.steps == 0)).mean(axis=1) > 0.5
    found: dict[str, int] = {}
    for row in np.argsort(field.mean_usd, kind="stable"):
        option = field.options.kinds[row]
        if adequate[row] and option.deployment in _FLAGSHIP_KINDS and option.lineage not in found:
            found[option.lineage] = int(row)
    return list(found.values())[:_FLAGSHIPS]


def _easy_models(field: Field) -> list[int]:
    """Return, per kind of deployment, the cheapest that does for the easy share but not for the whole."""
    enough = (field.hard & (field.easy_steps == 0)).mean(axis=1) > 0.5
    whole = (field.steps == 0).mean(axis=1) > 0.5
    found = []
    for deployment in _EASY_KINDS:
        rows = [
            row
            for row, option in enumerate(field.options.kinds)
            if option.deployment == deployment and enough[row] and not whole[row] and not option.preview
        ]
        if rows:
            found.append(min(rows, key=lambda row: (float(field.mean_usd[row]), row)))
    return found


def _router(easy: Option, flagship: Option) -> Option:
    """Return the option that sends the easy share to one model and the hard share to the other."""
    contexts = [leg.max_context for leg in (easy, flagship) if leg.max_context is not None]
    return Option(
        deployment="hybrid",
        model=f"{easy.model} + {flagship.model}",
        provider=easy.provider if easy.provider == flagship.provider else f"{easy.provider} + {flagship.provider}",
        lineage=flagship.lineage,
        country=flagship.country,
        tier=flagship.tier,
        embedding=False,
        max_context=min(contexts) if contexts else None,
        vendor=flagship.vendor,
        regions=tuple(region for region in flagship.regions if easy.server is not None or region in easy.regions),
        retires=min((leg.retires for leg in (easy, flagship) if leg.retires), default=None),
        legs=(easy, flagship),
        ends_soon=easy.ends_soon or flagship.ends_soon,
        source=f"{easy.source}; {flagship.source}",
    )
