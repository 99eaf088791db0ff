"""How available parts are together, and how much downtime that allows. It knows no vendor."""

import math
from collections.abc import Sequence
from decimal import Decimal

from tools.errors import InvalidInput

MINUTES_PER_DAY = 1440
DAYS_PER_YEAR = 365


def availability(uptimes: Sequence[float], any_of: bool = False) -> float:
    """Return the share of time the whole is up, for parts that fail independently.

    Args:
        uptimes: share of time each part is up, 0 to 1; reckoned in decimals, so 0.999 means just that.
        any_of: False when all parts are needed (∏u), True when one of them is enough (1 − ∏(1 − u)).
    """
    if not uptimes:
        raise InvalidInput("uptimes: expected at least one share of time")
    shares = [_share(uptime, f"uptimes[{position}]") for position, uptime in enumerate(uptimes)]
    if any_of:
        return float(1 - math.prod((1 - share for share in shares), start=Decimal(1)))
    return float(math.prod(shares, start=Decimal(1)))


def downtime_minutes(uptime: float, days: float = DAYS_PER_YEAR / 12) -> float:
    """Return the minutes of downtime that an uptime allows in a number of days, by default an average month."""
    return float((1 - _share(uptime, "uptime")) * Decimal(str(days)) * MINUTES_PER_DAY)


def _share(uptime: float, key: str) -> Decimal:
    if isinstance(uptime, bool) or not math.isfinite(uptime) or not 0 <= uptime <= 1:
        hint = f"; give shares: {uptime / 100:g} for {uptime:g} percent" if 1 < uptime <= 100 else ""
        raise InvalidInput(f"{key}: {uptime!r} does not fit; expected a share from 0 to 1{hint}")
    return Decimal(str(uptime))
