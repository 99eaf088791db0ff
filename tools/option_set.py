"""All options of a date, stacked for arithmetic: one row per kind, and every server that a kind can run on."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from tools.options import Option, enumerate_options
from tools.serving import ServerColumns, columns_of


@dataclass(frozen=True, slots=True, eq=False)
class OptionSet:
    """`kinds` holds one option per deployment, model and provider: what the gates can tell apart.

    The servers of all kinds are stacked in `servers`; kind `server_kinds[i]` owns those from `starts[i]` up to the
    next start.
    """

    kinds: tuple[Option, ...]
    servers: tuple[Option, ...]
    deployment_codes: npt.NDArray[np.int64]
    server_kinds: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    columns: ServerColumns


@cache
def option_set(on: date) -> OptionSet:
    """Enumerate and stack the options that exist on a date."""
    grouped: dict[tuple[str, str, str], list[Option]] = {}
    for option in enumerate_options(on):
        grouped.setdefault((option.deployment, option.model, option.provider), []).append(option)
    kinds = tuple(members[0] for members in grouped.values())
    servers: list[Option] = []
    server_kinds, starts = [], []
    for kind, members in enumerate(grouped.values()):
        if members[0].server is not None:
            server_kinds.append(kind)
            starts.append(len(servers))
            servers.extend(members)
    columns = columns_of(tuple(option.server for option in servers if option.server is not None))
    names = sorted({option.deployment for option in kinds})
    codes = np.array([names.index(option.deployment) for option in kinds])
    return OptionSet(kinds, tuple(servers), codes, np.array(server_kinds), np.array(starts), columns)
