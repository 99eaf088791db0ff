"""The volume at which a fixed monthly cost equals an API bill. It knows no catalogue and no workload."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakEvenPoint:
    """Tokens per month at which both cost the same, or None with the reason why that never happens."""

    tokens_per_month: float | None
    reason: str


def break_even(
    api_usd_per_million: float,
    fixed_usd_per_month: float,
    marginal_usd_per_million: float = 0.0,
    capacity_tokens_per_month: float | None = None,
) -> BreakEvenPoint:
    """Solve fixed + marginal x tokens = api x tokens, and check that the servers can produce the result.

    Args:
        api_usd_per_million: blended API price, USD per million tokens.
        fixed_usd_per_month: cost of own servers and people, USD per month, whatever the volume.
        marginal_usd_per_million: further cost of own servers, USD per million tokens.
        capacity_tokens_per_month: the most that the fixed cost can serve; None where there is no limit.
    """
    saved = api_usd_per_million - marginal_usd_per_million
    if fixed_usd_per_month <= 0:
        if saved >= 0:
            return BreakEvenPoint(0.0, "own servers have no fixed cost and are never dearer per token")
        return BreakEvenPoint(None, "never: own servers cost more per token than the API")
    if saved <= 0:
        return BreakEvenPoint(
            None,
            f"never: own servers cost {marginal_usd_per_million:g} USD per million tokens beyond their fixed "
            f"cost, the API {api_usd_per_million:g}",
        )
    tokens = fixed_usd_per_month / saved * 1e6
    if capacity_tokens_per_month is not None and tokens > capacity_tokens_per_month:
        return BreakEvenPoint(
            None,
            f"never with this capacity: {tokens:,.0f} tokens a month would be needed, "
            f"and {capacity_tokens_per_month:,.0f} is the most these servers can produce",
        )
    return BreakEvenPoint(tokens, f"{fixed_usd_per_month:,.2f} USD / {saved:g} USD per million tokens")


def stepwise_break_even(
    api_usd_per_million: float,
    people_usd_per_month: float,
    replica_usd_per_month: float,
    replica_capacity_tokens: float,
    spare_replicas: int,
) -> BreakEvenPoint:
    """Find the smallest monthly volume at which whole replicas, spares and people cost no more than the API.

    With k replicas the bill is people + (k + spares) x replica, and the volume that pays for it must not exceed
    k x capacity; the smallest such k is where a full replica's saving has paid for people and spares.

    Args:
        people_usd_per_month: cost that does not grow with the number of replicas.
        replica_capacity_tokens: tokens per month that one replica serves at this workload's peak.
        spare_replicas: replicas held beyond the need.
    """
    if replica_capacity_tokens <= 0:
        return BreakEvenPoint(None, "never: one replica cannot serve this workload")
    saved_per_replica = replica_capacity_tokens * api_usd_per_million / 1e6 - replica_usd_per_month
    first = people_usd_per_month + spare_replicas * replica_usd_per_month
    if saved_per_replica < 0 or (saved_per_replica == 0 and first > 0):
        per_million = replica_usd_per_month / replica_capacity_tokens * 1e6
        return BreakEvenPoint(
            None,
            f"never: a fully used replica costs {per_million:,.3f} USD per million tokens, "
            f"the API {api_usd_per_million:,.3f}",
        )
    needed = max(math.ceil(first / saved_per_replica), 1) if first > 0 else 1
    fixed = first + needed * replica_usd_per_month
    replicas = f"{needed:,} + {spare_replicas} replicas"
    return BreakEvenPoint(fixed / api_usd_per_million * 1e6, f"{replicas} and the people, {fixed:,.0f} USD a month")
