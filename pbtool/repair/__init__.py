"""Repair: what is wrong with a text, and what would mend it.

`repair` mends a document, `propose` only says what it would do, `RULES` are the kinds of damage in order. They are imported when
they are used: who asks for nothing but `symptoms` does not pay for all the rules.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pbtool.repair.rounds import RULES as RULES
    from pbtool.repair.rounds import Rule as Rule
    from pbtool.repair.rounds import damage_summary as damage_summary
    from pbtool.repair.rounds import propose as propose
    from pbtool.repair.rounds import repair as repair
    from pbtool.repair.rounds import rule_of as rule_of

__all__ = ["RULES", "Rule", "damage_summary", "propose", "repair", "rule_of"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'pbtool.repair' has no attribute {name!r}")
    return getattr(importlib.import_module("pbtool.repair.rounds"), name)
