"""What some tests need beyond Python: skipped where it is absent, a failure where CI says that everything is there."""

import os
import shutil

import pytest


def program(name: str) -> str:
    """The path of a program; skips the test if there is none, fails it if PBTOOL_TEST_ALL is set."""
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not installed"
        if os.environ.get("PBTOOL_TEST_ALL"):
            pytest.fail(message)
        pytest.skip(message)
    return found
