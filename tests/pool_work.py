"""Work for the pool's tests, in a module of its own so that other processes can import it."""

from __future__ import annotations

import os
import signal
import time


def work(item: tuple[str, int]) -> int:
    """What the item's name says: give its square, raise, crash, hang, eat memory, or be killed from outside."""
    kind, number = item
    if kind == "raise":
        raise ValueError("a bad page")
    if kind == "crash":
        os._exit(3)
    if kind == "hang":
        time.sleep(600)
    if kind == "eat":
        return len(bytearray(4 << 30))
    if kind == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number
