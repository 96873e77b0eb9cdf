"""Other packages that convert between scripts, asked side by side with pbtool.

The one idea: a peer lives in a virtual environment of its own (several install the same module and break each other), so it
is a process that reads texts and answers with what it made of them and the CPU seconds that it took.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install opencc-pyo3 zhconv zhconv-rs hanziconv
    python -m venv /tmp/official && /tmp/official/bin/pip install opencc
    python scripts/evaluate_conversion.py --peers /tmp/peers /tmp/official
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: Name of a peer -> code that defines `convert(config, text)`; it fails where the package is not installed.
PROGRAMS = {
    "reimplemented": """
from functools import cache
from importlib.metadata import distribution
from opencc import OpenCC
distribution("opencc-python-reimplemented")
get = cache(OpenCC)
def convert(config, text):
    return get(config).convert(text)
""",
    "opencc": """
from functools import cache
from importlib.metadata import distribution
from opencc import OpenCC
distribution("opencc")
get = cache(OpenCC)
def convert(config, text):
    return get(config).convert(text)
""",
    "opencc_pyo3": """
from functools import cache
from opencc_pyo3 import OpenCC
get = cache(OpenCC)
def convert(config, text):
    if config not in {"s2t", "t2s", "s2tw", "tw2s", "s2hk", "hk2s", "s2twp", "tw2sp", "t2tw", "tw2t", "t2hk", "hk2t"}:
        raise KeyError(config)
    return get(config).convert(text)
""",
    "zhconv": """
import zhconv
names = {"s2t": "zh-hant", "t2s": "zh-hans", "s2tw": "zh-tw", "tw2s": "zh-hans", "s2hk": "zh-hk", "hk2s": "zh-hans"}
def convert(config, text):
    return zhconv.convert(text, names[config])
""",
    "zhconv_rs": """
from zhconv_rs import zhconv
names = {"s2t": "zh-hant", "t2s": "zh-hans", "s2tw": "zh-tw", "tw2s": "zh-hans", "s2hk": "zh-hk", "hk2s": "zh-hans"}
def convert(config, text):
    return zhconv(text, names[config])
""",
    "hanziconv": """
from hanziconv import HanziConv
names = {"s2t": HanziConv.toTraditional, "t2s": HanziConv.toSimplified}
names |= {"s2tw": names["s2t"], "tw2s": names["t2s"]}
def convert(config, text):
    return names[config](text)
""",
}

_LOOP = """
import json, sys, time
print("ready", flush=True)
for line in sys.stdin:
    config, text = json.loads(line)
    start = time.process_time()
    try:
        text = convert(config, text)
    except Exception:
        text = None
    print(json.dumps([text, time.process_time() - start]), flush=True)
"""


class Peer:
    """One package in a process of its own."""

    def __init__(self, name: str, python: Path) -> None:
        self.name = name
        # stderr is thrown away: a package that is missing here is no news.
        self._process = subprocess.Popen(
            [python, "-c", PROGRAMS[name] + _LOOP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def is_ready(self) -> bool:
        """Whether the package is installed and can be imported."""
        assert self._process.stdout is not None
        return self._process.stdout.readline() == "ready\n"

    def timed(self, config: str, text: str) -> tuple[str | None, float]:
        """What it makes of a text (None where it has no such conversion), and its CPU seconds."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([config, text]) + "\n")
        self._process.stdin.flush()
        after, seconds = json.loads(self._process.stdout.readline())
        return after, seconds

    def convert(self, config: str, text: str) -> str | None:
        """What it makes of a text; None where it has no such conversion."""
        return self.timed(config, text)[0]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def peers(folders: Sequence[Path]) -> list[Peer]:
    """All peers that are installed beside pbtool or in the virtual environments given."""
    found: dict[str, Peer] = {}
    for python in (Path(sys.executable), *(folder / "bin" / "python" for folder in folders)):
        for name in PROGRAMS:
            if name in found:
                continue
            peer = Peer(name, python)
            if peer.is_ready():
                found[name] = peer
            else:
                peer.close()
    return list(found.values())
