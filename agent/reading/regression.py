"""A small softmax regression with L2 penalty, trained in numpy. It knows no text and no facts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Regression:
    """Weights of a trained regression: one column per class, one row per feature and one for the bias."""

    weights: Matrix

    def probabilities(self, features: Matrix) -> Matrix:
        """Return the probability of each class for each row of features."""
        return _softmax(with_bias(features) @ self.weights)


def with_bias(features: Matrix) -> Matrix:
    """Append a column of ones."""
    ones = np.ones((len(features), 1), dtype=np.float32)
    return np.hstack([features.astype(np.float32), ones])


def train(features: Matrix, classes: NDArray[np.int64], weights: Matrix, count: int, penalty: float) -> Regression:
    """Fit by L-BFGS; `weights` weigh the rows, `penalty` the squared coefficients without the bias."""
    from scipy.optimize import minimize

    rows = with_bias(features)
    wanted = np.eye(count, dtype=np.float32)[classes]
    share = (weights / weights.sum()).astype(np.float32)[:, None]
    free = np.ones((rows.shape[1], 1), dtype=np.float32)
    free[-1] = 0.0

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        matrix = flat.reshape(rows.shape[1], count).astype(np.float32)
        likely = _softmax(rows @ matrix)
        missed = -float((share * wanted * np.log(likely + 1e-9)).sum())
        gradient = rows.T @ (share * (likely - wanted)) + np.float32(penalty) * free * matrix
        return missed + 0.5 * penalty * float((free * matrix**2).sum()), gradient.ravel().astype(np.float64)

    start = np.zeros(rows.shape[1] * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 40})
    return Regression(found.x.reshape(rows.shape[1], count).astype(np.float32))


def _softmax(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely: NDArray[np.floating] = shifted / shifted.sum(axis=1, keepdims=True)
    return likely
