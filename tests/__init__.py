"""The tests, the evaluations and the benchmarks."""
