"""README is executed: every transcript prints what it says, and every command is documented."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pbtool.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent


def test_the_transcripts_are_what_the_commands_print():
    done = subprocess.run(
        [sys.executable, "scripts/transcripts.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_stands_in_the_table_of_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`{name}" not in text] == []


def test_the_samples_are_what_their_script_makes():
    done = subprocess.run(
        [sys.executable, "scripts/make_samples.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
