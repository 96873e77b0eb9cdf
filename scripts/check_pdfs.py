"""Read every PDF of the project's shared folder and print what came of each: a table for the eye.

python scripts/check_pdfs.py [../shared/pdfs]
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

from pbtool.errors import PbtoolError
from pbtool.reading import read


def row(path: Path) -> str:
    """One line: name, pages, characters, seconds, the child's peak memory so far, and the beginning of text or error."""
    begun = time.monotonic()
    try:
        document = read(path)
        pages, chars = str(len(document.pages)), len(document.original)
        said = "".join(document.original.split())[:34]
        broken = sum(run.broken for run in document.fonts)
        said += f"  [{broken} doubtful runs]" if broken else ""
        said += "".join(f"  ({note})" for note in document.notes)
    except PbtoolError as error:
        pages, chars, said = "-", 0, f"ERROR {error}".replace(os.fspath(path), path.name)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    return f"{path.name:34} {pages:>4} {chars:>7} {time.monotonic() - begun:6.2f}s {peak:>5} MB  {said}"


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/pdfs")
    for path in sorted(folder.rglob("*.pdf")):
        print(row(path), flush=True)


if __name__ == "__main__":
    main()
