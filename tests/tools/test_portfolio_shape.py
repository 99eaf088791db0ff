"""Planes under a pool's staircase of replicas: never above what any assignment needs."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.portfolio_arrays import API, arrays_of, pool_loads, whole_replicas
from tools.portfolio_matrix import programme_of
from tools.portfolio_program import ApiChoice, Pool, PoolShare, PortfolioProgram, ProgramWorkload
from tools.portfolio_shape import Box, facets, shape_of


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 12), st.integers(2, 8), st.booleans())
def test_no_plane_exceeds_the_replicas_of_any_assignment(seed: int, months: int, count: int, growing: bool) -> None:
    rng = np.random.default_rng(seed)
    growth = (1 + rng.choice([0.0, 0.01, 0.03, 0.08], count))[:, None] ** np.arange(months)
    loads = rng.uniform(0, 3, (count, 1)) * (growth if growing else rng.uniform(0, 2, (count, months)))
    workloads = tuple(
        ProgramWorkload(f"w{i}", (ApiChoice("api", "v", 1.0),), (PoolShare("p", load),)) for i, load in enumerate(loads)
    )
    arrays = arrays_of(PortfolioProgram(workloads, (Pool("p", 100.0),)))
    shape = shape_of(arrays, programme_of(arrays), 0)
    if shape is None:
        return
    box = Box((0.0, float(shape.first.sum())), (0.0, float(shape.last.sum())))
    planes = facets(shape, box, 40)
    for _ in range(20):
        chosen = rng.random(count) < rng.random()
        chosen[rng.integers(count)] = True
        assignment = np.where(chosen, 0, API)
        needed = float(whole_replicas(pool_loads(arrays, assignment)).mean())
        first, last = float(shape.first @ chosen), float(shape.last @ chosen)
        assert all(a * first + b * last + base <= needed + 1e-6 for a, b, base in planes)
