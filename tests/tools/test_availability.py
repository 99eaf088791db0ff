"""Uptimes in a chain and in parallel: the laws, and errors that say what to do. The cases are in availability.yaml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.availability import availability, downtime_minutes
from tools.errors import InvalidInput

_UPTIMES = st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=6)


@given(_UPTIMES)
def test_a_chain_is_no_better_than_its_weakest_part_and_a_choice_no_worse_than_its_best(uptimes: list[float]) -> None:
    assert availability(uptimes) <= min(uptimes) + 1e-15
    assert availability(uptimes, any_of=True) >= max(uptimes) - 1e-15


@given(_UPTIMES)
def test_the_order_of_parts_changes_nothing(uptimes: list[float]) -> None:
    for any_of in (False, True):
        assert availability(uptimes, any_of) == pytest.approx(availability(uptimes[::-1], any_of), abs=1e-15)


def test_downtime_is_what_is_left_of_the_time() -> None:
    assert downtime_minutes(0.999) == pytest.approx(43.8)
    assert downtime_minutes(0.999, days=30) == 43.2
    assert downtime_minutes(0.995, days=30) == 216.0
    assert downtime_minutes(1) == 0


@pytest.mark.parametrize("bad", [99.9, -0.1, float("nan"), float("inf"), True])
def test_what_is_no_share_is_refused(bad: float) -> None:
    with pytest.raises(InvalidInput, match="expected a share from 0 to 1"):
        availability([0.999, bad])
    with pytest.raises(InvalidInput, match="expected a share from 0 to 1"):
        downtime_minutes(bad)


def test_a_percentage_is_answered_with_the_share_to_give() -> None:
    with pytest.raises(InvalidInput, match=r"give shares: 0\.999 for 99\.9 percent"):
        availability([99.9])


def test_no_parts_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="at least one"):
        availability([])
