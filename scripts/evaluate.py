"""Print every figure that the repository measures: repair, families, conversion, articles, names, each by its own script.

    python scripts/evaluate.py [NAME…] [--shared ../shared] [--report FOLDER]

Without names all of them run, one after the other; each prints what it measures under its own heading, and --report also
writes it to FOLDER/NAME.txt. Exit status 1 where one of them fails. Options of a single script are for that script
(`python scripts/evaluate_families.py --only spacing -v`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent


def names() -> list[str]:
    """What can be measured: the scripts that stand beside this one."""
    return sorted(path.stem.removeprefix("evaluate_") for path in SCRIPTS.glob("evaluate_*.py"))


def evaluate(name: str, shared: Path, report: Path | None) -> int:
    """Run one script, show what it prints as it comes, and keep it where a report is wanted; its exit status."""
    print(f"== {name}", flush=True)
    command = [sys.executable, str(SCRIPTS / f"evaluate_{name}.py")]
    if "--shared" in (SCRIPTS / f"evaluate_{name}.py").read_text(encoding="utf-8"):
        command += ["--shared", str(shared)]
    kept = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            kept.append(line)
    if report:
        report.mkdir(parents=True, exist_ok=True)
        (report / f"{name}.txt").write_text("".join(kept), encoding="utf-8")
    return process.returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names())}")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--report", type=Path, help="also write what each prints to a file in this folder")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        parser.error(f"{', '.join(unknown)}: there is {', '.join(names())}")
    done = [evaluate(name, options.shared, options.report) for name in options.names or names()]
    return int(any(done))


if __name__ == "__main__":
    sys.exit(main())
