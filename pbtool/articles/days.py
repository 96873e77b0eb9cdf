"""Days and hours as pages write them, as pieces of patterns.

The one idea: whether a line is dated is asked in many places, and all of them mean the same day; so it is spelt once.
"""

from __future__ import annotations

_FIGURES = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"

#: A day with its year in digits (`2023年5月6日`, `2023-05-06`, `2023/5/6`); blanks may stand around its signs.
DAY = r"(?:19|20)\d\d\s?[-/.．年]\s?\d{1,2}\s?[-/.．月]\s?\d{1,2}(?:\s?日)?"
CLOCK = r"\d{1,2}[:：时]\d{2}分?(?:[:：]\d{2})?"
WEEKDAY = r"(?:星期|周)[一二三四五六日天]"
#: A year and what is written behind it, in digits or Chinese figures (`二〇二三年五月六日`); some type a letter for the nought.
YEAR = r"(?:\d{4}|[〇零○OＯ一二三四五六七八九]{4})\s?年"
MONTH_OF_YEAR = rf"{YEAR}\s?{_FIGURES}\s?月"
DAY_OF_MONTH = rf"\s?{_FIGURES}\s?日"
