"""The rule book: what every repair rule is for, and the page of each.

The one idea: a rule's docstring is its page (what, why, example, when it is wrong), so that it cannot say anything else than the
code beside it, and its example is run as a test.
"""

from __future__ import annotations

import inspect

from pbtool.errors import UsageError
from pbtool.repair import RULES


def rules(name: str | None = None) -> str:
    """The list of the repair rules, a line each, or the page of the one called `name`. Raises UsageError for another name."""
    if name is None:
        width = max(len(rule.name) for rule in RULES)
        return "".join(f"{rule.name:{width}}  {rule.summary}\n" for rule in RULES)
    page = next((rule.page for rule in RULES if rule.name == name), None)
    if page is None:
        raise UsageError(f"there is no rule {name!r}; there are {', '.join(rule.name for rule in RULES)}")
    return inspect.cleandoc(page).rstrip() + "\n"
