"""Sums up how long things took. It measures nothing itself."""

import statistics
from collections.abc import Sequence


def median(seconds: Sequence[float]) -> float:
    """Return the median, 0 of nothing."""
    return statistics.median(seconds) if seconds else 0.0


def ninetieth(seconds: Sequence[float]) -> float:
    """Return the value that nine in ten stay within, 0 of nothing."""
    return sorted(seconds)[min(len(seconds) - 1, int(0.9 * len(seconds)))] if seconds else 0.0


def shown(seconds: float) -> str:
    """Return seconds with as many decimals as they deserve."""
    return f"{seconds:.3f}" if seconds < 0.1 else f"{seconds:.2f}"
