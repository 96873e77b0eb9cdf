"""A small supervised pool: one pipe a worker, deadlines kept by the parent, kill and respawn.

The one idea: the parent never trusts a worker. It listens to all of them at once, each by a thread of its own so that one that stops
amid an answer holds up nobody; a worker that crashes, hangs or is killed from outside costs its own item, which is tried once more
(an innocent item whose worker the out-of-memory killer took looks just the same) and then reported. One that only sleeps does not even
cost its core. Library pools lose or hang on at least one of these, and most of them cannot be called from a plain script.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

from pbtool.batches import orphans
from pbtool.batches.sleepers import Watch
from pbtool.batches.worker import Answer
from pbtool.errors import PbtoolError

#: A new worker has so many seconds to come to life; only then the deadline of its first item begins.
_START_SECONDS = 120.0
#: One that was told to end, or has closed its pipe, is given so long to do so by itself: then its status says why.
_END_SECONDS = 5.0
#: So many in a row that never come to life are no accident.
_MOST_STILLBORN = 10
#: No wait is longer: some systems let nothing interrupt one.
_WAIT_SECONDS = 1.0
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T, R]):
    """What became of one item: its result, or why there is none."""

    item: T
    result: R | None = None
    failure: str | None = None


@dataclass(slots=True, eq=False)
class _Worker(Generic[T]):
    process: subprocess.Popen[bytes]
    item: T | None = None
    watch: Watch = field(init=False)
    deadline: float = 0.0
    tries: int = 0
    busy: bool = False
    ready: bool = False


def run(
    work: Callable[[T], R], items: Iterable[T], *, workers: int, seconds: float = 120, memory: int = 2 << 30
) -> Iterator[Outcome[T, R]]:
    """The outcome of `work(item)` for every item, in the order in which they finish; each item is accounted once.

    `work` must be importable (it is sent to other processes). `seconds` is the deadline of one item, `memory` the bytes of
    address space of one worker (where the system can limit it). Items are taken as workers become free: never more than one a
    worker is under way. So many `workers` are at work; for one that sleeps amid its item another is started, up to as many again.
    """
    return _Pool(work, workers, seconds, memory).run(iter(items))


class _Pool(Generic[T, R]):
    def __init__(self, work: Callable[[T], R], workers: int, seconds: float, memory: int) -> None:
        self._first = pickle.dumps(memory) + pickle.dumps(work)
        self._count = max(1, workers)
        self._stillborn = 0
        self._seconds = seconds
        self._workers: list[_Worker[T]] = []
        self._again: deque[tuple[T, int]] = deque()
        #: What workers say: None when they are there, then answers; True when they are gone.
        self._news: SimpleQueue[tuple[_Worker[T], Answer | bool | None]] = SimpleQueue()

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
                worker.process.kill()
            for worker in self._workers:
                _stop(worker)

    def _feed(self, items: Iterator[T], more: bool) -> bool:
        """Give something to do to as many workers as may be at work; False once the items are used up."""
        busy = [worker for worker in self._workers if worker.busy]
        sleepers = sum(worker.watch.asleep() for worker in busy)
        for _ in range(self._count + min(sleepers, self._count) - len(busy)):
            if self._again:
                item, tries = self._again.popleft()
            elif more:
                try:
                    item, tries = next(items), 0
                except StopIteration:
                    return False
            else:
                break
            self._give(item, tries)
        return more

    def _give(self, item: T, tries: int) -> None:
        worker = next((worker for worker in self._workers if not worker.busy), None)
        if worker is None:
            worker = self._start()
            self._workers.append(worker)
        worker.item, worker.tries, worker.busy = item, tries, True
        worker.watch = Watch(worker.process.pid)
        worker.deadline = monotonic() + (self._seconds if worker.ready else _START_SECONDS)
        self._send(worker, pickle.dumps(item))

    def _send(self, worker: _Worker[T], data: bytes) -> None:
        assert worker.process.stdin is not None
        # That a worker has died is told by whoever listens to it.
        with contextlib.suppress(OSError):
            worker.process.stdin.write(data)
            worker.process.stdin.flush()

    def _collect(self) -> Iterator[Outcome[T, R]]:
        """What became of items by now; waits until a worker has something to say, or a deadline is over."""
        left = min(worker.deadline for worker in self._workers if worker.busy) - monotonic()
        with contextlib.suppress(Empty):
            news = self._news.get(timeout=min(max(0.0, left), _WAIT_SECONDS))
            while True:
                yield from self._heard(*news)
                news = self._news.get_nowait()
        for worker in self._workers[:]:
            if worker.busy and monotonic() >= worker.deadline:
                assert worker.item is not None
                self._part_with(worker)
                yield Outcome(worker.item, None, f"took longer than {self._seconds:g} seconds")

    def _heard(self, worker: _Worker[T], said: Answer | bool | None) -> Iterator[Outcome[T, R]]:
        if worker not in self._workers:
            return  # It was given up before it said so.
        if said is None:
            self._stillborn = 0
            worker.ready, worker.deadline = True, monotonic() + self._seconds
        elif isinstance(said, tuple):
            assert worker.item is not None
            worker.busy = False
            yield Outcome(worker.item, *said)
        else:
            yield from self._lost(worker)

    def _lost(self, worker: _Worker[T]) -> Iterator[Outcome[T, R]]:
        """A worker is gone: its item is tried once more, then given up."""
        code = self._part_with(worker, _END_SECONDS)
        how = f"signal {-code}" if code < 0 else f"status {code}"
        self._stillborn += not worker.ready
        if self._stillborn >= _MOST_STILLBORN:
            raise PbtoolError(
                f"worker processes end before they can begin ({how}, {self._stillborn} times); "
                "see what they said above, or give more --memory"
            )
        if not worker.busy:
            return
        assert worker.item is not None
        if worker.tries == 0:
            self._again.append((worker.item, 1))
        else:
            yield Outcome(worker.item, None, f"its process ended twice (the last time with {how})")

    def _part_with(self, worker: _Worker[T], patience: float = 0.0) -> int:
        """Another one takes its place when there is something to do."""
        self._workers.remove(worker)
        return _stop(worker, patience)

    def _start(self) -> _Worker[T]:
        process = subprocess.Popen(
            orphans.command("from pbtool.batches.worker import main; main()"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C is for the parent, which ends its workers itself.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        worker: _Worker[T] = _Worker(process)
        Thread(target=self._listen, args=(worker,), daemon=True).start()
        self._send(worker, self._first)
        return worker

    def _listen(self, worker: _Worker[T]) -> None:
        """Pass on what a worker says, until it is gone."""
        stream = worker.process.stdout
        assert stream is not None
        try:
            with stream:
                while True:
                    self._news.put((worker, pickle.load(stream)))
        except Exception:
            self._news.put((worker, True))


def _stop(worker: _Worker[T], patience: float = 0.0) -> int:
    """End a worker for certain, by force where `patience` (seconds) is over; gives its exit status."""
    process = worker.process
    try:
        code = process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    return code
