"""A small supervised pool: one pipe a worker, deadlines kept by the parent, kill and respawn.

The one idea: the parent never trusts a worker. It waits on every pipe and every process at once; a worker that crashes, hangs
or is killed from outside costs its own item, which is tried once more (an innocent item whose worker the out-of-memory killer
took looks just the same) and then reported. Library pools lose or hang on at least one of these.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any, Generic, TypeVar

from pbtool.errors import InputError

#: A new worker has so many seconds to come to life; only then the deadline of its first item begins.
_START_SECONDS = 120.0
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T, R]):
    """What became of one item: its result, or why there is none."""

    item: T
    result: R | None = None
    failure: str | None = None


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: BaseProcess
    pipe: Connection
    item: T | None = None
    deadline: float = 0.0
    tries: int = 0
    busy: bool = False
    ready: bool = False


def run(
    work: Callable[[T], R], items: Iterable[T], *, workers: int, seconds: float = 120, memory: int = 2 << 30
) -> Iterator[Outcome[T, R]]:
    """The outcome of `work(item)` for every item, in the order in which they finish; each item is accounted once.

    `work` must be importable (it is sent to other processes). `seconds` is the deadline of one item, `memory` the bytes of
    address space of one worker (where the system can limit it). Items are taken as workers become free: never more than one a worker is under way.
    """
    return _Pool(work, workers, seconds, memory).run(iter(items))


class _Pool(Generic[T, R]):
    def __init__(self, work: Callable[[T], R], workers: int, seconds: float, memory: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._work = work
        self._count = max(1, workers)
        self._seconds = seconds
        self._memory = memory
        self._workers: list[_Worker[T]] = []
        self._again: deque[tuple[T, int]] = deque()

    def run(self, items: Iterator[T]) -> Iterator[Outcome[T, R]]:
        try:
            more = self._feed(items, True)
            while any(worker.busy for worker in self._workers):
                outcomes = list(self._collect())
                # Workers go on while whoever asked looks at what they found, which may take its time to write.
                more = self._feed(items, more)
                yield from outcomes
        finally:
            for worker in self._workers:
                self._stop(worker)

    def _feed(self, items: Iterator[T], more: bool) -> bool:
        """Give every idle worker something to do; False once the items are used up."""
        for slot in range(self._count):
            idle = slot >= len(self._workers) or not self._workers[slot].busy
            if not idle:
                continue
            if self._again:
                item, tries = self._again.popleft()
            elif more:
                try:
                    item, tries = next(items), 0
                except StopIteration:
                    more = False
                    continue
            else:
                continue
            self._give(slot, item, tries)
        return more

    def _give(self, slot: int, item: T, tries: int) -> None:
        if slot >= len(self._workers):
            self._workers.append(self._start())
        try:
            self._hand(self._workers[slot], item, tries)
        except (BrokenPipeError, OSError):
            # It died while it was idle: a fresh one takes the item.
            self._stop(self._workers[slot])
            self._workers[slot] = self._start()
            self._hand(self._workers[slot], item, tries)

    def _hand(self, worker: _Worker[T], item: T, tries: int) -> None:
        worker.item, worker.tries, worker.busy = item, tries, True
        worker.deadline = monotonic() + (self._seconds if worker.ready else _START_SECONDS)
        worker.pipe.send(item)

    def _collect(self) -> Iterator[Outcome[T, R]]:
        busy = [worker for worker in self._workers if worker.busy]
        left = max(0.0, min(worker.deadline for worker in busy) - monotonic())
        ready = set(wait([worker.pipe for worker in busy], timeout=left))
        for worker in busy:
            assert worker.item is not None
            if worker.pipe in ready:
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):
                    yield from self._lost(worker)
                    continue
                if answer is None:
                    worker.ready, worker.deadline = True, monotonic() + self._seconds
                    continue
                result, failure = answer
                worker.busy = False
                yield Outcome(worker.item, result, failure)
            elif monotonic() >= worker.deadline:
                self._replace(worker)
                yield Outcome(worker.item, None, f"took longer than {self._seconds:g} seconds")

    def _lost(self, worker: _Worker[T]) -> Iterator[Outcome[T, R]]:
        """A worker is gone: its item is tried once more, then given up."""
        item, tries = worker.item, worker.tries
        assert item is not None
        worker.process.join(5)
        code = worker.process.exitcode
        self._replace(worker)
        if tries == 0:
            self._again.append((item, 1))
        else:
            how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
            yield Outcome(item, None, f"its process ended twice (the last time with {how})")

    def _replace(self, worker: _Worker[T]) -> None:
        self._stop(worker)
        self._workers[self._workers.index(worker)] = self._start()

    def _start(self) -> _Worker[T]:
        here, there = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(there, self._work, self._memory, os.getpid()), daemon=True
        )
        process.start()
        there.close()
        return _Worker(process, here)

    def _stop(self, worker: _Worker[T]) -> None:
        # In this order: a worker that finds its pipe closed would complain on standard error.
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()


def _serve(pipe: Connection, work: Callable[[Any], Any], memory: int, parent: int) -> None:
    """A worker's life: say that it is there, then receive an item, send (result, None) or (None, what went wrong)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(parent)
    _limit(memory)
    pipe.send(None)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(_answer(work, item, memory))


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


def die_with(parent: int) -> None:
    """End when the parent does: its orphans would go on holding what they inherited (only Linux can see to that)."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
