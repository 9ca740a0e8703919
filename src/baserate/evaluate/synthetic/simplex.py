"""Weights that are zero or more, add up to one, and fit best: exact, by an active set.

The simplex is taken away first: with every column less the target, the weights that minimize
||D w|| over the simplex are those that minimize ||D u||^2 + (1 - sum u)^2 over u >= 0, divided by
their sum. Non-negative least squares is then solved by Lawson and Hanson (1974, Solving Least
Squares Problems, ch. 23), on an orthogonal basis that grows with the weights that are not zero, so
that a few periods and hundreds of donors, or donors that are copies of one another, do no harm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from baserate.evaluate.synthetic.compiled import compiled
from baserate.evaluate.synthetic.simplex_ridge import ridge_weights

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]

# A gradient under this share of its column's length is rounding (columns have length about one).
NO_GRADIENT = 1e-13

# A column nearer than this to the span of the others, as a share of its length, adds nothing.
IN_SPAN = 1e-10

# A fit that grows worse by less than this share does not grow worse.
NO_LOSS = 1e-9


def simplex_weights(columns: Floats, target: Floats, *, ridge: float = 0.0) -> Floats:
    """Minimize ||columns @ w - target||^2 + ridge * ||w||^2 over w >= 0 that add up to 1.

    `columns` (periods, donors), `target` (periods,). Where several weights fit equally well, one
    of them with few donors; a ridge makes it one. For an intercept take the mean from every column
    and from the target before.

    >>> simplex_weights(np.array([[1.0, 3.0], [2.0, 6.0]]), np.array([1.5, 3.0]))
    array([0.75, 0.25])
    """
    if ridge:
        made = ridge_weights(columns - target[:, None], ridge)
        if made is not None:
            return made
    u = _non_negative(_without_simplex(columns, target, ridge))
    return np.asarray(u / u.sum(), dtype=np.float64)


def simplex_weights_each(
    rows: Floats, targets: Indices, is_donor: Flags, *, ridge: float = 0.0
) -> Floats:
    """The same for many targets: each by its donors, all of them rows of one table.

    `rows` (units, periods), `targets` (n,) indices of rows, `is_donor` (n, units). The weights are
    (n, units), zero for a unit that is no donor.

    >>> table = np.array([[1.0, 2.0], [3.0, 6.0], [1.5, 3.0]])
    >>> simplex_weights_each(table, np.array([2]), np.array([[True, True, False]]))
    array([[0.75, 0.25, 0.  ]])
    """
    weights = np.zeros(is_donor.shape)
    for made, target, donors in zip(weights, targets, is_donor, strict=True):
        made[donors] = simplex_weights(rows[donors].T, rows[target], ridge=ridge)
    return weights


def simplex_weights_under(columns: Floats, target: Floats, importance: Floats) -> Floats:
    """The same for many importances of the periods (or predictors): (n, rows) to (n, donors).

    Minimizes sum_r importance[r] * (columns[r] @ w - target[r])^2 for each row of `importance`.

    >>> columns, target = np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([0.0, 1.0])
    >>> simplex_weights_under(columns, target, np.array([[1.0, 0.0], [3.0, 1.0]]))
    array([[1.  , 0.  ],
           [0.75, 0.25]])
    """
    return _under_each(columns - target[:, None], np.sqrt(importance))


def is_only_solution(columns: Floats, target: Floats, weights: Floats) -> bool:
    """Whether no other weights on the simplex fit as well as these, which must be a solution.

    Others exist where columns that could be used at no loss depend on one another.

    >>> copies = np.array([[1.0, 1.0, 4.0], [2.0, 2.0, 3.0]])
    >>> is_only_solution(copies, np.array([0.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    False
    """
    away = columns - target[:, None]
    left, lengths = away @ weights, np.linalg.norm(away, axis=0)
    size = np.linalg.norm(left)
    loss = left @ away - left @ left  # of moving weight to a column: zero for those in use
    free = (loss <= NO_LOSS * size * lengths) | (size <= NO_LOSS * lengths.max())
    scaled = np.vstack([away[:, free] / max(lengths.max(), 1e-300), np.ones(free.sum())])
    return bool(np.linalg.matrix_rank(scaled, rtol=IN_SPAN) == scaled.shape[1])


def _without_simplex(columns: Floats, target: Floats, ridge: float) -> Floats:
    """Each column less the target, scaled; below it its ridge; and last a one for the sum."""
    periods, n = columns.shape
    table = np.zeros((periods + (n if ridge else 0) + 1, n))
    np.subtract(columns, target[:, None], out=table[:periods])
    if ridge:
        np.fill_diagonal(table[periods:-1], np.sqrt(ridge))
    square = np.einsum("ij,ij", table, table)  # BLAS would wake its threads for so little
    if square > 0:
        table *= np.sqrt(n / square)
    table[-1] = 1.0
    return table


@compiled
def _non_negative(table: Floats) -> Floats:
    """Least squares of (0, ..., 0, 1) on the columns of a table, with no weight below zero."""
    length, n = table.shape
    most = min(n, length)
    u, left, norms = np.zeros(n), np.zeros(length), _norms(table)
    left[-1] = 1.0
    basis, triangle, best = np.zeros((most, length)), np.zeros((most, most)), np.zeros(most)
    held, is_out, count = np.zeros(most, np.int64), np.zeros(n, np.bool_), 0
    for _ in range(10 * (n + length)):
        entering = _steepest(table, norms, left, is_out) if count < most else -1
        if entering < 0:
            break
        is_out[entering] = True
        if not _extend(basis, triangle, count, table, entering, norms):
            continue
        _solve(basis, triangle, count + 1, best)
        if best[count] <= 0:
            continue
        held[count] = entering
        count += 1
        while _lowest(best, count) <= 0:
            _step_to_zero(u, best, held, count)
            count = _drop_zeros(u, held, count)
            for k in range(count):
                _extend(basis, triangle, k, table, held[k], norms)
            _solve(basis, triangle, count, best)
        for j in range(n):
            is_out[j] = False
        for k in range(count):
            u[held[k]] = best[k]
            is_out[held[k]] = True
        _residual(table, u, held, count, left)
    return u


@compiled
def _under_each(away: Floats, roots: Floats) -> Floats:
    rows, n = away.shape
    weights, table = np.zeros((len(roots), n)), np.ones((rows + 1, n))
    for i in range(len(roots)):
        square, total = 0.0, 0.0
        for r in range(rows):
            for j in range(n):
                table[r, j] = away[r, j] * roots[i, r]
                square += table[r, j] ** 2
        scale = np.sqrt(n / square) if square > 0 else 1.0
        for r in range(rows):
            for j in range(n):
                table[r, j] *= scale
        u = _non_negative(table)
        for j in range(n):
            total += u[j]
        for j in range(n):
            weights[i, j] = u[j] / total
    return weights


@compiled
def _norms(table: Floats) -> Floats:
    norms = np.zeros(table.shape[1])
    for t in range(table.shape[0]):
        for j in range(table.shape[1]):
            norms[j] += table[t, j] ** 2
    for j in range(table.shape[1]):
        norms[j] = np.sqrt(norms[j])
    return norms


@compiled
def _steepest(table: Floats, norms: Floats, left: Floats, is_out: Flags) -> int:
    """The column along which the residual falls fastest, of those not held nor out; or -1."""
    gradient = np.zeros(table.shape[1])
    for t in range(table.shape[0]):
        for j in range(table.shape[1]):
            gradient[j] += left[t] * table[t, j]
    best, most = -1, NO_GRADIENT
    for j in range(len(gradient)):
        if not is_out[j] and gradient[j] > most * norms[j]:
            best, most = j, gradient[j] / norms[j]
    return best


@compiled
def _extend(
    basis: Floats, triangle: Floats, count: int, table: Floats, column: int, norms: Floats
) -> bool:
    """One more column in the orthogonal basis; False if it is in the span of the others."""
    rest = np.empty(len(table))
    for t in range(len(table)):
        rest[t] = table[t, column]
    for k in range(count):
        triangle[k, count] = 0.0
    for _ in range(2):  # twice is enough (Giraud and others 2005, Numerische Mathematik 101:87)
        for k in range(count):
            along = _dot(basis[k], rest)
            triangle[k, count] += along
            for t in range(len(rest)):
                rest[t] -= along * basis[k, t]
    size = np.sqrt(_dot(rest, rest))
    if size <= IN_SPAN * norms[column]:
        return False
    triangle[count, count] = size
    for t in range(len(rest)):
        basis[count, t] = rest[t] / size
    return True


@compiled
def _dot(a: Floats, b: Floats) -> float:
    total = 0.0
    for t in range(len(a)):
        total += a[t] * b[t]
    return total


@compiled
def _solve(basis: Floats, triangle: Floats, count: int, best: Floats) -> None:
    """Unrestricted weights of the held columns, by back substitution."""
    for k in range(count - 1, -1, -1):
        best[k] = basis[k, -1]
        for j in range(k + 1, count):
            best[k] -= triangle[k, j] * best[j]
        best[k] /= triangle[k, k]


@compiled
def _lowest(best: Floats, count: int) -> float:
    lowest = np.inf
    for k in range(count):
        lowest = min(lowest, best[k])
    return lowest


@compiled
def _step_to_zero(u: Floats, best: Floats, held: Indices, count: int) -> None:
    """Go from the weights toward better ones, until the first of them comes to zero."""
    share, first = 1.0, 0
    for k in range(count):
        if best[k] <= 0:
            here = u[held[k]]
            reach = here / (here - best[k]) if here > best[k] else 0.0
            if reach <= share:
                share, first = reach, k
    for k in range(count):
        u[held[k]] += share * (best[k] - u[held[k]])
    u[held[first]] = 0.0


@compiled
def _drop_zeros(u: Floats, held: Indices, count: int) -> int:
    """Let go of the columns whose weight came to zero; how many are left."""
    kept = 0
    for k in range(count):
        if u[held[k]] > 0:
            held[kept] = held[k]
            kept += 1
        else:
            u[held[k]] = 0.0
    return kept


@compiled
def _residual(table: Floats, u: Floats, held: Indices, count: int, left: Floats) -> None:
    """What the weights leave of (0, ..., 0, 1)."""
    for t in range(len(left)):
        left[t] = 0.0
        for k in range(count):
            left[t] -= u[held[k]] * table[t, held[k]]
    left[-1] += 1.0
