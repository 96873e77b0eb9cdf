"""The median, which SQLite does not have."""

from __future__ import annotations

import statistics


class Median:
    """An aggregate for `sqlite3.Connection.create_aggregate`: the middle of the values that are not NULL."""

    def __init__(self) -> None:
        self._values: list[float] = []

    def step(self, value: float | None) -> None:
        """Take one value in."""
        if value is not None:
            self._values.append(value)

    def finalize(self) -> float | None:
        """The middle value, or the mean of the two in the middle; NULL where there was none."""
        return statistics.median(self._values) if self._values else None
