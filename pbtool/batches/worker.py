"""A worker of the pool: items come in on standard input, answers go out on standard output, pickled.

The one idea: a worker knows nothing but its work. What it may cost is limited before it begins, and where its pipe ends it ends,
even in the middle of an item: then there is nobody left to answer to.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, NoReturn

from pbtool.errors import InputError

#: Answer to an item: what came of it, or what went wrong.
Answer = tuple[Any, str | None]


def main() -> NoReturn:
    """Receive the work and the bytes of memory it may use; say that it is there (None); then answer item by item."""
    items, answers = _own_streams()
    waiting: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_receive, args=(items, waiting), daemon=True).start()
    memory: int = waiting.get()
    work: Callable[[Any], Any] = waiting.get()
    _limit(memory)
    _send(answers, pickle.dumps(None))
    while True:
        _send(answers, _answer(work, waiting.get(), memory))


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the parent; whatever prints or asks from now on does not use them."""
    nothing = os.open(os.devnull, os.O_RDWR)
    items, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return items, answers


def _receive(items: IO[bytes], waiting: SimpleQueue[Any]) -> None:
    try:
        while True:
            waiting.put(pickle.load(items))
    except (EOFError, OSError):
        os._exit(1)
    except BaseException as error:
        print(f"pbtool: a worker cannot take its work: {type(error).__name__}: {error}", file=sys.stderr)
        os._exit(1)


def _send(answers: IO[bytes], answer: bytes) -> None:
    answers.write(answer)
    answers.flush()


def _answer(work: Callable[[Any], Any], item: Any, memory: int) -> bytes:
    """What came of one item, packed for the way back (which may need more memory than there is, too)."""
    try:
        return pickle.dumps((work(item), None), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        gc.collect()
        return pickle.dumps((None, f"needs more than {memory >> 20} MB of memory"))
    except InputError as error:
        return pickle.dumps((None, error.why))
    except Exception as error:
        return pickle.dumps((None, f"{type(error).__name__}: {error}"[:1000]))


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the deadline still holds
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
