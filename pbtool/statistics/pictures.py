"""A table as a picture (the extra `plot`): lines where time runs through it, bars otherwise.

The one idea: a picture shows what the table says and nothing else; what it leaves out (other units, small groups, rows without a
year) comes along as notes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import Any

from pbtool.errors import UsageError
from pbtool.statistics.tables import Row, Table

KINDS = ("png", "svg")
#: So many lines can be told apart, so many bars be read.
_MOST_LINES = 8
_MOST_BARS = 25
#: Families that hold Chinese, the best for simplified text first.
_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "DengXian", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC",
    "Noto Serif SC", "Songti SC", "SimSun", "Noto Sans CJK TC", "Noto Sans CJK HK", "Noto Sans CJK JP", "Microsoft JhengHei",
    "AR PL UMing CN", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip


def picture(table: Table, kind: str) -> tuple[bytes, tuple[str, ...]]:
    """The picture of a table (png or svg), and notes for whoever looks at it.

    Raises UsageError without the extra, and for a table without groups or without rows.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError('--plot needs matplotlib: pip install "pbtool[plot]"') from None
    if not table.rows or not table.question.by:
        raise UsageError("there is nothing to draw: --plot wants --by, and something found")
    drawing = _Drawing(table)
    font = chinese_font()
    if font is None:
        drawing.notes.append(
            "no Chinese font was found, so the picture shows boxes; install one (Debian: apt-get install fonts-noto-cjk)"
        )
    style: Any = {
        "font.family": [*([font] if font else []), "DejaVu Sans"],
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.hashsalt": "pbtool",
    }
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # Said once above, and not once a character.
        warnings.filterwarnings("ignore", message=".*[Gg]lyph.*")
        figure = Figure(figsize=(9, drawing.height), layout="constrained")
        drawing.draw(figure.add_subplot())
        stream = io.BytesIO()
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(stream, format=kind, dpi=150, metadata=metadata)
    return stream.getvalue(), tuple(drawing.notes)


def chinese_font() -> str | None:
    """The family of a font on this machine that holds Chinese."""
    from matplotlib import font_manager

    names = {font.name for font in font_manager.fontManager.ttflist}
    known = next((name for name in _FONTS if name in names), None)
    return known or next((name for name in sorted(names) if "CJK" in name), None)


class _Drawing:
    """What is drawn: the first aggregate of one unit, over time or group by group."""

    def __init__(self, table: Table) -> None:
        question = table.question
        self.notes: list[str] = []
        self._aggregate = question.aggregates[0]
        if len(question.aggregates) > 1:
            self.notes.append(
                f"drawn is the {self._aggregate}, the first of {', '.join(question.aggregates)}"
            )
        self._unit = question.unit
        self._title = " ".join(filter(None, (question.metric, question.text))) or question.subject
        by = list(question.by)
        rows = [row for row in table.rows if row[self._aggregate] is not None]
        if question.values and "unit" in by:
            rows, by = self._one_unit(rows), [name for name in by if name != "unit"]
        self._time = next((name for name in question.of.times if name in by), None)
        self._by = [name for name in by if name != self._time]
        self._rows = self._timed(rows)
        self._lines = self._time is not None and len({row[self._time] for row in self._rows}) > 1

    @property
    def height(self) -> float:
        """The height of the picture in inches."""
        return 5.0 if self._lines else 1.6 + 0.3 * min(len(self._rows), _MOST_BARS)

    def draw(self, axes: Any) -> None:
        """Draw it."""
        if self._lines:
            self._draw_lines(axes)
        else:
            self._draw_bars(axes)
        axes.set_title(self._title, loc="left", fontweight="bold")

    def _draw_lines(self, axes: Any) -> None:
        series: dict[str, dict[int, float]] = {}
        time = self._time or ""
        for row in self._rows:
            series.setdefault(self._label(row), {})[row[time]] = row[self._aggregate]
        names = sorted(series, key=lambda name: (-sum(map(abs, series[name].values())), name))
        if len(names) > _MOST_LINES:
            self.notes.append(
                f"drawn are the {_MOST_LINES} greatest of {len(names)} lines; --only or --top picks others"
            )
        for name in names[:_MOST_LINES]:
            years = sorted(series[name])
            axes.plot(
                years, [series[name][year] for year in years], marker="o", markersize=4, label=name or None
            )
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.yaxis.set_major_formatter(_amount)
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.set_xlabel(time)
        axes.set_ylabel(self._measure())
        axes.grid(axis="y", alpha=0.3)
        if self._by:
            axes.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))

    def _draw_bars(self, axes: Any) -> None:
        rows = self._rows
        if self._time is None or len(rows) > _MOST_BARS:
            rows = sorted(rows, key=lambda row: -abs(row[self._aggregate]))
        if len(rows) > _MOST_BARS:
            self.notes.append(
                f"drawn are the {_MOST_BARS} greatest of {len(rows)} bars; --only or --top picks others"
            )
            rows = rows[:_MOST_BARS]
        places = range(len(rows), 0, -1)
        values = [row[self._aggregate] for row in rows]
        bars = axes.barh(list(places), values, height=0.7)
        axes.set_yticks(list(places), [_cut(self._label(row, timed=True)) for row in rows])
        axes.bar_label(bars, [_amount(value) for value in values], padding=3, fontsize="small")
        axes.xaxis.set_major_formatter(_amount)
        axes.margins(x=0.12)
        axes.set_xlabel(self._measure())
        axes.grid(axis="x", alpha=0.3)
        axes.set_axisbelow(True)

    def _one_unit(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the unit that most rows have: different units share no axis."""
        units = [row["unit"] for row in rows]
        if not units:
            return []
        self._unit = max(dict.fromkeys(units), key=units.count)
        if len(set(units)) > 1:
            self.notes.append(f"drawn is {self._unit or 'what has no unit'} only; --unit picks another")
        return [row for row in rows if row["unit"] == self._unit]

    def _timed(self, rows: Sequence[Row]) -> list[Row]:
        if self._time is None:
            return list(rows)
        timed = [row for row in rows if row[self._time] is not None]
        if len(timed) < len(rows):
            left = len(rows) - len(timed)
            told = f"{left} rows without {self._time} are" if left > 1 else f"1 row without {self._time} is"
            self.notes.append(f"{told} not drawn")
        return timed or list(rows)

    def _label(self, row: Row, timed: bool = False) -> str:
        names = [*self._by, *([self._time] if timed and self._time else [])]
        return " · ".join("unknown" if row[name] is None else str(row[name]) for name in names)

    def _measure(self) -> str:
        unit = f"（{self._unit}）" if self._unit and self._aggregate != "count" else ""
        return f"{self._aggregate}{unit}"


def _amount(value: float, _place: object = None) -> str:
    """A number as a Chinese reader says it: 12万, 3.4亿."""
    for size, name in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size:
            return f"{value / size:,.4g}{name}"
    return f"{value:,.4g}"


def _cut(label: str, most: int = 40) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"
