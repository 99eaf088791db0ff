"""Laws of the break-even: it is where both bills meet, and the servers can produce it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.break_even import break_even, stepwise_break_even

USD = st.floats(0.01, 1000)


@given(st.floats(0.01, 100), st.floats(1, 1e6), st.floats(0, 50))
def test_both_bills_are_equal_at_the_break_even(api: float, fixed: float, marginal: float) -> None:
    point = break_even(api, fixed, marginal)
    if point.tokens_per_month is None:
        assert marginal >= api
    else:
        millions = point.tokens_per_month / 1e6
        assert api * millions == pytest.approx(fixed + marginal * millions, rel=1e-6)


def test_a_break_even_beyond_the_capacity_is_never() -> None:
    assert break_even(2.0, 5000.0, 0.0, 2.5e9).tokens_per_month == 2.5e9
    beyond = break_even(2.0, 5000.0, 0.0, 2.4e9)
    assert beyond.tokens_per_month is None
    assert "2,400,000,000" in beyond.reason


@given(st.floats(0.01, 20), st.floats(0, 50_000), st.floats(50, 20_000), st.floats(1e7, 1e11), st.integers(0, 3))
def test_whole_replicas_break_even_where_counting_them_does(
    api: float, people: float, replica: float, capacity: float, spare: int
) -> None:
    point = stepwise_break_even(api, people, replica, capacity, spare)

    def pays(needed: float, slack: float) -> bool:
        """Whether what so many replicas can produce is worth their bill at the API's price."""
        return people + (needed + spare) * replica <= needed * capacity * api / 1e6 * (1 + slack)

    if point.tokens_per_month is None:
        assert not pays(1e9, -1e-9)
        return
    needed = round((point.tokens_per_month * api / 1e6 - people) / replica) - spare
    assert pays(needed, 1e-9)
    assert needed == 1 or not pays(needed - 1, -1e-9)
    assert point.tokens_per_month <= needed * capacity * (1 + 1e-9)
