"""Assesses a portfolio, and remembers the last few results: a turn asks for the same one several times."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import partial

from tools.assessment import Assessment
from tools.facts import Portfolio
from tools.portfolio_file import portfolio_to_plain

Assess = Callable[[Portfolio, date], Assessment]

# A turn needs two or three; the rest serves other sessions.
KEPT = 32


class Assessor:
    """Calls the decision on the day's date; equal facts on the same day are assessed once."""

    def __init__(self, today: Callable[[], date], assess: Assess | None = None) -> None:
        self._today = today
        self._decide = assess
        self._kept: OrderedDict[str, Assessment] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, portfolio: Portfolio) -> Assessment:
        """Return the assessment of a portfolio."""
        return self._kept_or_new(portfolio, flips=False)

    def with_flips(self, portfolio: Portfolio) -> Assessment:
        """Return the assessment with what would change each verdict, which takes a second or more to search."""
        return self._kept_or_new(portfolio, flips=True)

    def _kept_or_new(self, portfolio: Portfolio, flips: bool) -> Assessment:
        day = self._today()
        key = json.dumps([day.isoformat(), flips, portfolio_to_plain(portfolio)])
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        assessment = (self._decide or _decision(flips))(portfolio, day)
        with self._lock:
            self._kept[key] = assessment
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return assessment


def _decision(flips: bool) -> Assess:
    """Import the decision when it is first needed: loading it takes a moment."""
    from tools.assess import assess

    return partial(assess, with_flips=flips)
