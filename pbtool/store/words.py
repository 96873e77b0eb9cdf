"""Full text that finds Chinese words of any length.

The one idea: the index holds single characters, and a word is a phrase of them. (Trigrams find no word of two characters; what
SQLite's own tokenizer takes for a word is a whole clause.)
"""

from __future__ import annotations

import re

_HAN = re.compile("([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


def spaced(text: str) -> str:
    """The text with a space around every Han character, so that a phrase query finds words of any length."""
    return " ".join(_HAN.split(text))


def phrase(words: str) -> str:
    """The full-text query that finds exactly these words."""
    return '"' + spaced(words).replace('"', '""') + '"'
