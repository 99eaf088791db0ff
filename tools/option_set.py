"""All options of a date, stacked for arithmetic: one row per kind, and every server that a kind can run on."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumed_values
from tools.draws import Floats
from tools.gates import Judged, judged_rules
from tools.levels import levels_of
from tools.options import Option, enumerate_options
from tools.server_columns import ServerColumns, columns_of
from tools.serving import Server
from tools.token_columns import TokenColumns, token_columns
from tools.tuning_costs import TuningColumns, tuning_columns


@dataclass(frozen=True, slots=True, eq=False)
class OptionSet:
    """`kinds` holds one option per deployment, model and provider: what the gates can tell apart.

    Rows `api_rows` are bought from others, at `tokens` and, where tuned, `tuning`. The servers of all other kinds are
    stacked in `servers`; kind `server_kinds[i]` owns those from `starts[i]` up to `ends[i]`. `levels`: capability per
    kind and task.
    """

    kinds: tuple[Option, ...]
    api_rows: npt.NDArray[np.int64]
    tokens: TokenColumns
    region_premium: Floats
    tuning: TuningColumns
    levels: Floats
    judged: tuple[Judged, ...]
    servers: tuple[Server, ...]
    server_kinds: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    columns: ServerColumns

    @property
    def ends(self) -> npt.NDArray[np.int64]:
        """One past the last server of each kind."""
        return np.append(self.starts[1:], len(self.servers)).astype(np.int64)

    def on_server(self, row: int) -> Option:
        """Return the option that one of the servers stands for."""
        place = int(np.searchsorted(self.starts, row, side="right")) - 1
        kind: Option = self.kinds[self.server_kinds[place]]
        return replace(kind, server=self.servers[row])


def option_set(on: date) -> OptionSet:
    """Enumerate and stack the options that exist on a date."""
    return _option_set(on, assumed_values())


@cache
def _option_set(on: date, assumed: str) -> OptionSet:
    from tools.bills import region_premium

    named: dict[tuple[str, str, str], Option] = {}
    for option in enumerate_options(on):
        named.setdefault((option.deployment, option.model, option.provider), option)
    kinds = tuple(named.values())
    api_rows = [row for row, option in enumerate(kinds) if option.server is None]
    prices = [kinds[row].price for row in api_rows]
    own = [row for row, option in enumerate(kinds) if option.server is not None]
    servers = [server for row in own for server in kinds[row].servers]
    return OptionSet(
        kinds=kinds,
        api_rows=np.array(api_rows, np.int64),
        tokens=token_columns(prices, on),
        region_premium=np.array([[region_premium(kinds[row])] for row in api_rows]),
        tuning=tuning_columns([kinds[row] for row in api_rows]),
        levels=levels_of(kinds, on),
        judged=judged_rules(kinds),
        servers=tuple(servers),
        server_kinds=np.array(own, np.int64),
        starts=np.cumsum([0, *(len(kinds[row].servers) for row in own[:-1])]).astype(np.int64),
        columns=columns_of(servers),
    )
