"""Build pbtool/data/radicals.tsv: CJK radicals and the characters they look like, from the Unicode Character Database.

    python scripts/build_radicals.py [--check]

The property Equivalent_Unified_Ideograph is not in Python's unicodedata; Perl carries it (Unicode::UCD, a core module), so
that nothing has to be downloaded. Kangxi radicals are left out: their compatibility mapping (NFKC) says the same.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from generated import keep

TARGET = Path(__file__).resolve().parent.parent / "pbtool" / "data" / "radicals.tsv"
HEADER = (
    "# CJK radical -> unified ideograph. Source: Unicode Character Database, EquivalentUnifiedIdeograph"
    " (Unicode License v3).\n"
)
#: Where Unicode names the bare component, and a page that shows the radical means the character of everyday use.
_MEANT = dict(zip("⺇⺗⺪⺮⺷⺸⺽⻃⻇⻊⻏⻕⻡", "几㣺疋竹羊羊臼西角足阝阜首", strict=True))
#: Strokes that no page means as a character.
_STROKES = frozenset("⺂⺈⺌⺍⺑⺳⺴⺵⻞")
_ASK = 'printf "%X %s\\n", $_, charprop($_, "Equivalent_Unified_Ideograph") for 0x2E80 .. 0x2EF3'


def table() -> str:
    """The whole file as text. Raises CalledProcessError or FileNotFoundError where Perl does not answer."""
    command = ["perl", "-CO", "-MUnicode::UCD=charprop", "-e", _ASK]
    answer = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    rows = []
    for line in answer.splitlines():
        radical, _, ideograph = line.partition(" ")
        char = chr(int(radical, 16))
        if ideograph and ideograph != "<none>" and char not in _STROKES:
            rows.append(f"{char}\t{_MEANT.get(char) or _char(ideograph)}\n")
    return HEADER + "".join(sorted(rows))


def _char(answer: str) -> str:
    """The ideograph, which Perl gives as itself or as its code point, by its version."""
    return answer if len(answer) == 1 else chr(int(answer.removeprefix("U+"), 16))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args()
    try:
        made = table()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"perl with Unicode::UCD is needed (Debian: apt install perl): {error}", file=sys.stderr)
        return 1
    return keep({TARGET: made}, options.check)


if __name__ == "__main__":
    sys.exit(main())
