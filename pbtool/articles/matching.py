"""The best assignment of rows to columns: every row gets at most one column and every column at most one row.

The one idea: what is left alone is worth nothing, so a pair is made only where it gains; over all pairs together the gain is
the largest there is. (Kuhn 1955 and Munkres 1957, by shortest augmenting paths as in Jonker and Volgenant 1987.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[float, int, int]
_LARGEST = 120  # rows of one part that are matched together; a larger part keeps the best pairs of each row


def matched(pairs: Iterable[Pair]) -> list[tuple[int, int]]:
    """The pairs (row, column) of the assignment with the largest sum of gains, out of pairs (gain, row, column).

    Pairs without gain are never made. Time: cubic in the largest part of rows and columns that hang together.
    """
    useful = sorted(pair for pair in pairs if pair[0] > 0)
    result: list[tuple[int, int]] = []
    for part in _parts(useful):
        result += _best(part)
    return sorted(result)


def _parts(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs, divided where nothing connects them."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for _, row, column in pairs:
        root[find(("row", row))] = find(("column", column))
    parts: dict[tuple[str, int], list[Pair]] = {}
    for pair in pairs:
        parts.setdefault(find(("row", pair[1])), []).append(pair)
    return [
        part if len({row for _, row, _ in part}) <= _LARGEST else _thinned(part) for part in parts.values()
    ]


def _thinned(part: Sequence[Pair]) -> list[Pair]:
    """The best pair of every row only: what is left hangs together no more than a column does."""
    return list({row: (gain, row, column) for gain, row, column in part}.values())


def _best(part: Sequence[Pair]) -> list[tuple[int, int]]:
    rows = sorted({row for _, row, _ in part})
    columns = sorted({column for _, _, column in part})
    if len(rows) > _LARGEST:
        return _greedy(part)
    gain = {(row, column): value for value, row, column in part}
    # Every row may also stay alone, in a column of its own at no gain.
    costs = [
        [-gain.get((row, column), -1e6) for column in columns]
        + [0.0 if r == k else 1e6 for k in range(len(rows))]
        for r, row in enumerate(rows)
    ]
    return [
        (rows[r], columns[c])
        for r, c in enumerate(_assign(costs))
        if c < len(columns) and (rows[r], columns[c]) in gain
    ]


def _greedy(part: Sequence[Pair]) -> list[tuple[int, int]]:
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, row, column in sorted(part, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if row not in found and column not in taken:
            found[row] = column
            taken.add(column)
    return list(found.items())


def _assign(costs: Sequence[Sequence[float]]) -> list[int]:
    """The column of every row in the cheapest assignment; there are at least as many columns as rows."""
    wide = len(costs[0])
    row_price, column_price = [0.0] * (len(costs) + 1), [0.0] * (wide + 1)
    owner, way = [0] * (wide + 1), [0] * (wide + 1)
    for row in range(1, len(costs) + 1):
        owner[0], column = row, 0
        least, used = [float("inf")] * (wide + 1), [False] * (wide + 1)
        while owner[column]:
            used[column] = True
            here, step, after = owner[column], float("inf"), 0
            for j in range(1, wide + 1):
                if used[j]:
                    continue
                price = costs[here - 1][j - 1] - row_price[here] - column_price[j]
                if price < least[j]:
                    least[j], way[j] = price, column
                if least[j] < step:
                    step, after = least[j], j
            for j in range(wide + 1):
                if used[j]:
                    row_price[owner[j]] += step
                    column_price[j] -= step
                else:
                    least[j] -= step
            column = after
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    result = [0] * len(costs)
    for j in range(1, wide + 1):
        if owner[j]:
            result[owner[j] - 1] = j - 1
    return result
