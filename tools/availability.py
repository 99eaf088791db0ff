"""How available parts are together: all needed, or any one enough. It knows no vendor."""

import math
from collections.abc import Sequence
from decimal import Decimal

from tools.errors import InvalidInput


def availability(uptimes: Sequence[float], any_of: bool = False) -> float:
    """Return the share of time the whole is up, for parts that fail independently.

    Args:
        uptimes: share of time each part is up, 0 to 1; reckoned in decimals, so 0.999 means just that.
        any_of: False when all parts are needed (∏u), True when one of them is enough (1 − ∏(1 − u)).
    """
    if not uptimes:
        raise InvalidInput("uptimes: expected at least one share of time")
    for position, uptime in enumerate(uptimes):
        if isinstance(uptime, bool) or not math.isfinite(uptime) or not 0 <= uptime <= 1:
            raise InvalidInput(f"uptimes[{position}]: {uptime!r} does not fit; expected a share from 0 to 1")
    shares = [Decimal(str(uptime)) for uptime in uptimes]
    if any_of:
        return float(1 - math.prod((1 - share for share in shares), start=Decimal(1)))
    return float(math.prod(shares, start=Decimal(1)))
