"""Words, cut by jieba, for those who ask for them.

The one idea: jieba is safe only inside a fence. Its cache file trusts whatever stands in the temporary directory, so it gets
a private one; and its time grows with the square of a line's length, so it never sees more than a piece of one.
"""

from __future__ import annotations

import functools
from typing import Any

from pbtool.tables import pattern

#: The longest piece jieba is given; 50,000 equal characters in one line took it 14 seconds.
_LONGEST = 2000
_PIECE = pattern(rf"[^，。；！？、\s]{{1,{_LONGEST}}}|[，。；！？、]|\s{{1,{_LONGEST}}}")


def words(text: str) -> list[str]:
    """The words of a text in order; joined, they are the text without its white space."""
    cut = _tokenizer()
    return [
        word for piece in _PIECE.findall(text) for word in cut.cut(piece, HMM=False) if not word.isspace()
    ]


@functools.cache
def _tokenizer() -> Any:
    """A tokenizer with its dictionary read, its cache in a directory of its own, or nowhere where none can be made."""
    import logging
    import os
    import tempfile

    import jieba

    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    try:
        with tempfile.TemporaryDirectory(prefix="pbtool-") as private:
            tokenizer.tmp_dir = private
            tokenizer.initialize()
    except OSError:
        tokenizer.tmp_dir = os.devnull
        tokenizer.initialize()
    return tokenizer
