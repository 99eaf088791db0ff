"""Laws of certainty: a fact known less well never makes a verdict surer.

What can hold, and is tested, with P(d) the share of draws in which deployment d wins:

1. Where nothing is unknown, every draw has the same winner.
2. What may win somewhere in a range may still win in a wider range: the set of possible deployments never shrinks.
3. Doubt is diluted, never removed. Let the range `inner` be the share w of `outer`, drawn evenly. For each d,
   P_outer(d) <= 1 - w (1 - P_inner(d)): the draws of `outer` that lie in `inner` are as divided as those of `inner`.
4. On average an answer never lowers certainty. Split a range into parts (or a choice into its values): the mean, by
   weight, of max_d P_part(d) is at least max_d P_whole(d), for the maximum is convex.

What cannot hold is that of any two nested ranges the wider has the lower max_d P(d). A narrow range around the
break-even is a coin toss, while a wide one that reaches far to one side has a likely winner: there the user who
knows more knows better how near the line he is, and 3 says by how much the wider range may look surer. The same goes
for `clarity`, which looks at the nearest rival's mean cost as well.

Other facts are stated, so that only the one range is drawn (and 512 even draws measure a share to about 1/512), or
left open, where the draws of the ranges differ in their companions and a share is known to a few hundredths.
"""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_facts import Plain, evaluated, everything_stated, organizations, workloads

from tools.choose import NOTHING
from tools.evaluate import Evaluation
from tools.facts import fact_dictionary

DRAWS = 512
SAMPLING = 0.012  # three draws on either side of what is compared
OPEN_SAMPLING = 0.08

spans = st.sampled_from(
    [
        ("requests_per_day", 1.0, 1e6),
        ("requests_per_day", 1e4, 1e8),
        ("input_tokens", 100.0, 20_000.0),
        ("output_tokens", 5.0, 4_000.0),
        ("peak_factor", 1.0, 30.0),
        ("cached_share", 0.0, 0.95),
        ("monthly_growth", -0.1, 0.4),
        ("weeks_to_launch", 0.0, 30.0),
        ("context_tokens", 4_000.0, 2_000_000.0),
        ("electricity_price", 0.01, 0.6),
        ("engineer_cost", 30_000.0, 300_000.0),
    ]
)
# Facts whose value counts beyond the draws, once it is stated: licences are judged by what is known.
CHOICES = sorted(
    key
    for key, spec in fact_dictionary().items()
    if spec.type in ("choice", "flag") and spec.prior is not None and key not in ("sector", "company_region")
)


def _with(organization: Plain, facts: Plain, key: str, value: Any) -> tuple[Plain, Plain]:
    """Return the facts with one of them stated (or, where the value is None, open)."""
    scope = fact_dictionary()[key].scope
    changed = {**(organization if scope == "organization" else facts)}
    changed.pop(key, None)
    if value is not None:
        changed[key] = value
    return (changed, facts) if scope == "organization" else (organization, changed)


def _shares(organization: Plain, facts: Plain, key: str, value: Any, draws: int = DRAWS) -> dict[str, float]:
    """Return in which share of the draws each deployment wins, '' where nothing passes."""
    return _won(evaluated(*_with(organization, facts, key, value), draws))


def _won(evaluation: Evaluation) -> dict[str, float]:
    index = evaluation.winners.index
    names = ["" if i == NOTHING else evaluation.options[i].deployment for i in index]
    return {name: names.count(name) / len(names) for name in sorted(set(names))}


def _nested(data: st.DataObject, low: float, high: float) -> tuple[list[float], list[float]]:
    """Draw a range inside [low, high], a quarter to nine tenths as wide."""
    share = data.draw(st.floats(0.25, 0.9))
    start = low + (high - low) * (1 - share) * data.draw(st.floats(0, 1))
    return [start, start + (high - low) * share], [low, high]


@settings(max_examples=30, deadline=None)
@given(organizations, workloads)
def test_what_is_known_is_certain(organization: Plain, facts: Plain) -> None:
    evaluation = evaluated(*everything_stated(organization, facts), 16)
    assert len(_won(evaluation)) == 1
    assert len(np.unique(evaluation.winners.index)) == 1


@settings(max_examples=20, deadline=None)
@given(organizations, workloads, spans, st.data())
def test_what_may_win_may_still_win_in_a_wider_range(
    organization: Plain, facts: Plain, span: tuple[str, float, float], data: st.DataObject
) -> None:
    stated = everything_stated(organization, facts)
    inner, outer = _nested(data, *span[1:])
    narrow = _shares(*stated, span[0], inner, 64)
    wide = _shares(*stated, span[0], outer)
    # Three of 64 draws are a stretch of 1/64 of the inner range at least, or 2 of the 512 strata of the outer.
    assert {name for name, share in narrow.items() if share >= 3 / 64} <= set(wide), (span, inner, narrow, wide)


@settings(max_examples=20, deadline=None)
@given(organizations, workloads, spans, st.data(), st.booleans())
def test_doubt_is_diluted_and_never_removed(
    organization: Plain, facts: Plain, span: tuple[str, float, float], data: st.DataObject, everything: bool
) -> None:
    stated = everything_stated(organization, facts) if everything else (organization, facts)
    inner, outer = _nested(data, *span[1:])
    narrow, wide = (_shares(*stated, span[0], list(r)) for r in (inner, outer))
    weight = (inner[1] - inner[0]) / (outer[1] - outer[0])
    allowed = SAMPLING if everything else OPEN_SAMPLING
    for name, share in wide.items():
        assert share <= 1 - weight * (1 - narrow.get(name, 0.0)) + allowed, (name, span, inner, narrow, wide)


@settings(max_examples=12, deadline=None)
@given(organizations, workloads, spans, st.booleans())
def test_an_answer_never_lowers_certainty_on_average(
    organization: Plain, facts: Plain, span: tuple[str, float, float], everything: bool
) -> None:
    stated = everything_stated(organization, facts) if everything else (organization, facts)
    key, low, high = span
    whole = _shares(*stated, key, [low, high])
    edges = np.linspace(low, high, 5)
    parts = [_shares(*stated, key, [float(a), float(b)]) for a, b in itertools.pairwise(edges)]
    mean = float(np.mean([max(part.values()) for part in parts]))
    assert mean >= max(whole.values()) - (SAMPLING if everything else OPEN_SAMPLING), (span, whole, parts)


@settings(max_examples=3, deadline=None)
@pytest.mark.parametrize("key", CHOICES)
@given(organizations, workloads)
def test_a_named_value_never_lowers_certainty_on_average(key: str, organization: Plain, facts: Plain) -> None:
    stated = everything_stated(organization, facts)
    whole = _shares(*stated, key, None)
    weights = _weights(key)
    named = {
        value: _shares(*stated, key, value == "true" if value in ("true", "false") else value) for value in weights
    }
    mean = sum(weight * max(named[value].values()) for value, weight in weights.items())
    assert mean >= max(whole.values()) - SAMPLING, (key, whole, named)


def _weights(key: str) -> Mapping[str, float]:
    spec = fact_dictionary()[key]
    assert spec.prior is not None
    weights = {value: weight for value, weight in (spec.prior.weights or {}).items() if weight > 0}
    return {value: weight / sum(weights.values()) for value, weight in weights.items()}
