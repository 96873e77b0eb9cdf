"""Tables that a script builds: written, or with `--check` only compared with what the script would build today."""

from __future__ import annotations

from pathlib import Path


def keep(made: dict[Path, str], check: bool) -> int:
    """Write these files, or with `check` say of each whether it is as built; 1 (an exit status) where one is not."""
    differ = 0
    for path, text in made.items():
        if check:
            same = path.exists() and path.read_text(encoding="utf-8") == text
            print(f"{path.name}: {'as built' if same else 'not what the script builds'}")
            differ |= not same
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path.name}: {text.count(chr(10)):,} lines, {len(text.encode()):,} bytes")
    return int(differ)
