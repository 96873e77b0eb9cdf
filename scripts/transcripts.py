"""Run the transcripts in README.md and write down, or check, what the commands print.

    python scripts/transcripts.py            # write the output under every `$ command` of a ```console block
    python scripts/transcripts.py --check    # exit 1 where README.md says something else than the command does

Commands run in the project's root with its .venv first in PATH; a line `…` in the output stands for lines left out.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.S)
_LONGEST = 14


def output_of(command: str) -> str:
    """What a command prints, standard error after standard output; long outputs are cut."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, env=environment, timeout=120
    )
    lines = (done.stdout + done.stderr).splitlines()
    if len(lines) > _LONGEST:
        lines = [*lines[: _LONGEST - 1], "…"]
    return "".join(f"{line}\n" for line in lines)


def rewritten(block: str) -> str:
    """A transcript with the output that its commands give now."""
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{output_of(command)}" for command in commands)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    text = README.read_text(encoding="utf-8")
    fresh = _BLOCK.sub(lambda match: f"```console\n{rewritten(match[1])}```", text)
    if check and fresh != text:
        import difflib

        sys.stdout.writelines(
            difflib.unified_diff(text.splitlines(True), fresh.splitlines(True), "README.md", "now")
        )
        return 1
    if not check:
        README.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
