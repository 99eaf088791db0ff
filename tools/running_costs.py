"""What every option costs per month in every draw, as matrices; the same sums as the bills. It knows no gate."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.draws import Draws, Floats, Mask
from tools.hardware import Capacity, capacity_of, decoding_streams, may_buy, server_costs, wanted_stream
from tools.levels import enough_level
from tools.option_set import OptionSet
from tools.people import people_usd
from tools.server_columns import ServerColumns
from tools.side_costs import own_training_usd, traffic_usd
from tools.volume import Volume, longest_request

_CHUNK = 512
_CELLS = 60_000  # servers × draws of one block: its matrices stay in the processor's cache
_LOOKED_AT = 16
_NEAR = 1.25
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RunningCosts:
    """Matrices of shape (kinds, draws), people not counted.

    `best_server`: the row in `OptionSet.servers` that is cheapest, -1 for APIs. `slow`: no server meets the stated
    latency, `hopeless`: not even for one request alone (never true for APIs, which are judged elsewhere). `unfit`: no
    server holds the longest request.
    """

    monthly_usd: Floats
    best_server: npt.NDArray[np.int64]
    slow: Mask
    hopeless: Mask
    unfit: Mask


def running_costs(options: OptionSet, volume: Volume, draws: Draws, wanted: Mask | None = None) -> RunningCosts:
    """Return what all kinds cost; servers are one matrix, computed in chunks of draws to bound memory.

    Args:
        wanted: which kinds could be chosen, shape (kinds, draws). Servers of the others are left out (their cost is
            infinite); all are counted where it is None.
    """
    shape = (len(options.kinds), draws.count)
    costs, best = np.full(shape, np.inf), np.full(shape, -1, np.int64)
    slow, hopeless, unfit = (np.zeros(shape, bool) for _ in range(3))
    for block in _chunks(slice(0, draws.count), max(_CELLS // len(options.api_rows), 1)):
        costs[options.api_rows, block] = token_usd(options, volume.part(block), draws.part(block))
    for part in _chunks(slice(0, draws.count), _CHUNK):
        inside, able = draws.part(part), None if wanted is None else wanted[options.server_kinds, part]
        rows = _contenders(options, volume.part(part), inside, able)
        if len(rows) == 0:
            continue
        columns = _columns(options, rows, inside)
        for block in _chunks(part, max(_CELLS // len(rows), 1)):
            kinds, found = _cheapest_servers(options, columns, rows, volume.part(block), draws.part(block))
            costs[kinds, block], best[kinds, block] = found.usd, found.server
            slow[kinds, block], hopeless[kinds, block], unfit[kinds, block] = found.slow, found.hopeless, found.unfit
    return RunningCosts(costs, best, slow, hopeless, unfit)


def token_usd(options: OptionSet, volume: Volume, draws: Draws) -> Floats:
    """Return the token bills of all APIs, shape (APIs, draws)."""
    tokens = options.tokens.monthly_usd(volume, draws)
    pinned = draws.has("residency", *draws.members["residency"])
    traffic = traffic_usd(volume, draws, external=True)
    return np.asarray(tokens * (1.0 + options.region_premium * pinned) + options.tuning.monthly_usd(volume) + traffic)


def _chunks(whole: slice, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, whole.stop)) for start in range(whole.start, whole.stop, size))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Per server kind and draw: cost, server row, and where no server is quick enough, or large enough."""

    usd: Floats
    server: Rows
    slow: Mask
    hopeless: Mask
    unfit: Mask


def _cheapest_servers(
    options: OptionSet, columns: ServerColumns, rows: Rows, volume: Volume, draws: Draws
) -> tuple[Rows, _Found]:
    """Return the kinds, and what was found for each."""
    places, starts = np.unique(_places(options, rows), return_index=True)
    costs = _server_usd(options, columns, rows, volume, draws)
    cost, best = _pick(costs.usd, costs.suited_usd, starts)
    none = [np.logical_and.reduceat(mask, starts, axis=0) for mask in (costs.hopeless, costs.unfit)]
    slow = np.take_along_axis(costs.slow, best, axis=0)  # where nothing suited can be had, a slow server is taken
    return options.server_kinds[places], _Found(cost, rows[best], slow, none[0], none[1])


def _contenders(options: OptionSet, volume: Volume, draws: Draws, able: Mask | None) -> Rows:
    """Return the servers that are near the cheapest of their kind in some of a few draws; only able kinds have any.

    A server that is far from the best in every one of the draws looked at is not the best in any that matters; where
    all facts are known, all draws are alike and nothing is left to chance.
    """
    rows = reachable_servers(options, draws)
    if able is not None:
        rows = rows[np.asarray(able.any(axis=1))[_places(options, rows)]]
    if len(rows) == 0 or (draws.count <= _LOOKED_AT and able is None):
        return rows
    few = np.unique(np.linspace(0, draws.count - 1, _LOOKED_AT).astype(np.int64))
    costs = _server_usd(options, _columns(options, rows, draws), rows, volume.part(few), draws.part(few))
    _, starts = np.unique(_places(options, rows), return_index=True)
    sizes = np.diff(np.append(starts, len(rows)))
    near = np.zeros(len(rows), bool)
    for usd in (costs.usd, costs.suited_usd):
        best = np.minimum.reduceat(usd, starts, axis=0)
        close = usd <= np.repeat(best, sizes, axis=0) * _NEAR
        near |= close.any(axis=1)
    return rows[near]


def reachable_servers(options: OptionSet, draws: Draws) -> Rows:
    """Return the servers on accelerators that some draw's cloud rents, or that may be bought; one per kind at least."""
    clouds = np.unique(draws.codes["cloud"])
    rented = np.asarray(np.isfinite(options.columns.usd_per_gpu_hour["on_demand"][:, clouds]).any(axis=1))
    if np.any(may_buy(draws)):
        rented = rented | np.isfinite(options.columns.purchase_usd[:, 0]) | (options.columns.owned(draws)[:, 0] > 0)
    rented[options.starts] = True
    return np.flatnonzero(rented)


def _places(options: OptionSet, rows: Rows) -> Rows:
    """Return the place among the server kinds that each server row belongs to."""
    return np.asarray(np.searchsorted(options.starts, rows, side="right") - 1)


@dataclass(frozen=True, slots=True, eq=False)
class _ServerUsd:
    """US dollars per month, shape (servers, draws): as it is, and infinite where too slow or cut too coarse."""

    usd: Floats
    suited_usd: Floats
    slow: Mask
    hopeless: Mask
    unfit: Mask


def _columns(options: OptionSet, rows: Rows, draws: Draws) -> ServerColumns:
    """Return some of the servers, their speeds for the streams wanted here being known."""
    for wanted in decoding_streams(draws):
        options.columns.speeds(wanted)  # kept there, and cut with the columns
    return options.columns.take(rows)


def _server_usd(options: OptionSet, columns: ServerColumns, rows: Rows, volume: Volume, draws: Draws) -> _ServerUsd:
    shape = (len(rows), draws.count)
    capacity = capacity_of(columns, volume, draws)
    unfit: Mask = np.broadcast_to(~columns.holds(longest_request(draws)), shape)
    beside = traffic_usd(volume, draws, external=False) + own_training_usd(draws)
    usd = np.where(unfit, np.inf, np.broadcast_to(server_costs(columns, capacity, draws).total_usd + beside, shape))
    slow, hopeless = (np.broadcast_to(mask, shape) for mask in (too_slow(capacity, draws), _hopeless(capacity, draws)))
    unsuited = slow | _too_coarse(options, rows, draws)
    return _ServerUsd(usd, np.where(unsuited, np.inf, usd), slow, hopeless, unfit)


def _too_coarse(options: OptionSet, rows: Rows, draws: Draws) -> Mask:
    """Say where weights cut to four bits lack what the model itself has for the work, shape (servers, draws)."""
    kinds = options.server_kinds[_places(options, rows)]
    codes = np.atleast_1d(draws.codes["task"])
    levels = options.levels[kinds][:, codes]
    enough, lost = enough_level(draws), assumption("int4_level_loss").number
    return np.asarray(options.columns.is_cut[rows] & (levels >= enough) & (levels - lost < enough))


def _pick(total: Floats, suited: Floats, starts: Rows) -> tuple[Floats, Rows]:
    """Return the cheapest suited server per kind and draw, or the cheapest of all where none is suited.

    The servers of kind i begin at row `starts[i]`; of equally cheap ones the first is taken.
    """
    cost, best = _first_least(suited, starts)
    if suited is not total and np.isinf(cost).any():
        any_cost, any_best = _first_least(total, starts)
        none = np.isinf(cost)
        cost, best = np.where(none, any_cost, cost), np.where(none, any_best, best)
    return cost, best


def _first_least(usd: Floats, starts: Rows) -> tuple[Floats, Rows]:
    """Return the least value of each run of rows and the first row that has it, both of shape (runs, draws)."""
    least = np.minimum.reduceat(usd, starts, axis=0)
    sizes = np.diff(np.append(starts, len(usd)))
    later = np.where(usd == np.repeat(least, sizes, axis=0), np.arange(len(usd))[:, None], len(usd))
    return least, np.asarray(np.minimum.reduceat(later, starts, axis=0))


def too_slow(capacity: Capacity, draws: Draws) -> Mask:
    """Say where a server misses the stream or the first token that was asked for; nothing asked is nothing missed."""
    slow: Mask = np.zeros((1, 1), bool)
    if "tokens_per_second" in draws.known:
        slow = slow | (capacity.best_stream < wanted_stream(draws)[0])
    if "first_token_seconds" in draws.known:
        slow = slow | (capacity.best_first_token_seconds > draws.number("first_token_seconds"))
    return slow


def _hopeless(capacity: Capacity, draws: Draws) -> Mask:
    """Say where even one request alone waits far longer for its first token than was asked for."""
    if "first_token_seconds" not in draws.known:
        return np.zeros((1, 1), bool)
    longest = draws.number("first_token_seconds") * assumption("latency_floor_factor").number
    return np.asarray(capacity.alone_first_token_seconds > longest)


def people_matrix(options: OptionSet, draws: Draws) -> Floats:
    """Return what people cost for every kind, shape (kinds, draws)."""
    known: dict[tuple[object, ...], Floats] = {}
    rows = []
    for option in options.kinds:
        key = (option.deployment, option.vendor.id if option.vendor else None, option.ends_soon)
        if key not in known:
            known[key] = np.broadcast_to(people_usd(option, draws), (draws.count,))
        rows.append(known[key])
    return np.stack(rows)


def server_kind_usd(options: OptionSet, kind: int, volume: Volume, draws: Draws) -> Floats:
    """Return what one kind's cheapest servers cost for a part of the volume, shape (draws,)."""
    place = int(np.flatnonzero(options.server_kinds == kind)[0])
    rows = np.arange(options.starts[place], options.ends[place])
    costs = _server_usd(options, _columns(options, rows, draws), rows, volume, draws)
    return np.asarray(_pick(costs.usd, costs.suited_usd, np.array([0]))[0][0])
