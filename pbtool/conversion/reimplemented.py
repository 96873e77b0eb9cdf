"""What the package opencc-python-reimplemented makes of a text, for those who must reproduce earlier work.

The one idea: it is asked line by line, and its answer is aligned, so that its changes are edits like all others. Two other
packages (`opencc`, `opencc-py`) install files over its own ones; where they did, one line says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any

from pbtool.conversion.engine import changes
from pbtool.errors import UsageError

#: Packages whose files lie in the same folder as those of opencc-python-reimplemented.
_RIVALS = ("opencc", "opencc-py")

_BACK = {"twp": "tw2sp", "tw": "tw2s", "hk": "hk2s"}
_THERE = {"hant": "s2t", "tw": "s2tw", "twp": "s2twp", "hk": "s2hk"}


def reimplemented(text: str, to: str, script: str) -> Iterator[tuple[int, int, str]]:
    """The changes that opencc-python-reimplemented makes: start, end, new text. Raises UsageError where it is broken."""
    convert = _converter(_BACK.get(script, "t2s") if to == "hans" else _THERE[to])
    place = 0
    for line in text.split("\n"):
        after = convert(line)
        stretches = [] if len(after) == len(line) else [(0, len(line), 0, len(after))]
        for start, end, new in changes(line, after, stretches):
            yield place + start, place + end, new
        place += len(line) + 1


def _converter(config: str) -> Any:
    """The package's own conversion function, tried on a word that it has always converted its own way."""
    rivals = [name for name in _RIVALS if _is_installed(name)]
    try:
        from opencc import OpenCC

        convert = OpenCC(config).convert
        sound = OpenCC("s2t").convert("栗俊昌") == "慄俊昌"
    except Exception as error:  # whatever a module of torn files may raise
        raise UsageError(_advice(rivals, f" ({type(error).__name__})")) from None
    if not sound:
        raise UsageError(_advice(rivals, ""))
    return convert


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _advice(rivals: list[str], error: str) -> str:
    names = " and ".join(rivals)
    if not rivals:
        return (
            f"--engine reimplemented: opencc-python-reimplemented does not work{error}; install it again "
            "(pip install --force-reinstall opencc-python-reimplemented)"
        )
    return (
        f"--engine reimplemented: the package {names} has overwritten opencc-python-reimplemented{error}; "
        f"pip uninstall {' '.join(rivals)}, then pip install --force-reinstall opencc-python-reimplemented"
    )
