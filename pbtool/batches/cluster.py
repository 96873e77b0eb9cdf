"""A batch on a Dask cluster (the extra `cluster`): Dask moves shards, nothing more.

The one idea: a task is the shard command in a process of its own, so that no document can hurt a Dask worker, and only the
path of the part comes back. What is done lies on disk; a shard whose worker dies, or a scheduler that is started again, costs
only what was under way, and the same part comes of it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pbtool.batches import orphans
from pbtool.batches.job import Report, Watch, silence
from pbtool.batches.parts import parts_in
from pbtool.batches.shards import union
from pbtool.errors import PbtoolError, UsageError

#: How often a shard may fail before the batch is given up, and how long a scheduler may be away (seconds).
_TRIES = 4
_PATIENCE = 600.0
_PAUSE = 0.2
#: What a task starts: the command line.
_CODE = "from pbtool.cli import main; main()"


def on_cluster(
    address: str,
    inputs: Sequence[str],
    db: str,
    *,
    shards: int,
    parts: str,
    arguments: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    watch: Watch = silence,
    code: str = _CODE,
) -> Report:
    """Work `inputs` in `shards` shards on the cluster at `address`, and unite the parts (in the folder `parts`) in `db`.

    Scheduler and workers are started by Dask's own commands; all of them must see the same files. `arguments` are further
    options of the shard command, `code` is the Python that runs it. `progress` is told how many shards of how many are done.
    Raises UsageError without the extra, PbtoolError where a shard failed on every try or the scheduler stayed away.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError('--cluster needs Dask: pip install "pbtool[cluster]"') from None
    folder = Path(parts).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    names = b"".join(os.fsencode(Path(text).absolute()) + b"\0" for text in inputs)
    (folder / "inputs.list").write_bytes(names)
    # What happens to the cluster is told by what follows from it; Dask would tell every lost connection with a traceback.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # A part is taken in while others are still made: at the end, when all workers are idle, little is left to do.
    with union(db, str(folder), watch=watch) as store:

        def take(part: str) -> None:
            if Path(part) not in store.taken:
                store.take(Path(part))

        _Round(distributed, address, folder, shards, list(arguments), code, progress, take).work()
        for part in parts_in(str(folder)):
            take(str(part))
    return store.report


class _Round:
    """The shards that are left, sent out again until there are none."""

    def __init__(
        self,
        distributed: Any,
        address: str,
        folder: Path,
        shards: int,
        arguments: list[str],
        code: str,
        progress: Callable[[int, int], None] | None,
        take: Callable[[str], None],
    ) -> None:
        self._distributed = distributed
        self._address = address
        self._call = (shards, str(folder), arguments, code)
        self._left = set(range(1, shards + 1))
        self._tries = dict.fromkeys(self._left, 0)
        self._progress = progress
        self._take = take

    def work(self) -> None:
        """Send out what is left; where the scheduler is lost, come back to it when it is there again."""
        away = time.monotonic()
        while self._left:
            before = len(self._left)
            try:
                with self._distributed.Client(self._address, timeout=30) as client:
                    self._send(client)
            except (OSError, self._distributed.comm.CommClosedError) as error:
                lost: Exception = error
            else:
                lost = PbtoolError("the scheduler was lost")
            if len(self._left) < before:
                away = time.monotonic()
            elif self._left and time.monotonic() - away > _PATIENCE:
                raise PbtoolError(
                    f"{self._address}: no scheduler answers ({lost}); start one (dask scheduler) and give the same command again"
                )

    def _send(self, client: Any) -> None:
        """Have a cluster work what is left, until all is done or the scheduler is lost."""
        out = {self._submit(client, number): number for number in sorted(self._left)}
        while out:
            for future in [future for future in out if future.done()]:
                number = out.pop(future)
                if future.status == "finished":
                    self._left.discard(number)
                    if self._progress is not None:
                        self._progress(len(self._tries) - len(self._left), len(self._tries))
                    self._take(_part(self._call[1], number, self._call[0]))
                elif future.status == "error":
                    self._failed(number, future.exception())
                    out[self._submit(client, number)] = number
                else:
                    return
            time.sleep(_PAUSE)

    def _submit(self, client: Any, number: int) -> Any:
        return client.submit(
            run_shard, number, *self._call, pure=False, key=f"pbtool-{number}-{time.time_ns()}"
        )

    def _failed(self, number: int, error: BaseException) -> None:
        self._tries[number] += 1
        if self._tries[number] >= _TRIES:
            shards, folder, *_ = self._call
            raise PbtoolError(
                f"shard {number}/{shards} failed {_TRIES} times ({error}); the other parts are in {folder}; "
                "mend the cause and give the same command again"
            )


def _part(folder: str, number: int, shards: int) -> str:
    return str(Path(folder) / f"part-{number:05}-of-{shards:05}.jsonl")


def run_shard(number: int, shards: int, folder: str, arguments: Sequence[str], code: str) -> str:
    """Run one shard by the command line, in a process of its own; gives the path of its part. Runs on the cluster."""
    out = _part(folder, number, shards)
    options = ["batch", "-", "--shard", f"{number}/{shards}", "--out", out, "-q", *arguments]
    with (Path(folder) / "inputs.list").open("rb") as inputs:
        done = subprocess.run(
            [*orphans.command(code), *options],
            stdin=inputs,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    unreadable = 3
    if done.returncode not in (0, unreadable) or not Path(out).exists():
        raise RuntimeError(
            done.stderr.decode("utf-8", "replace").strip()[-400:] or f"status {done.returncode}"
        )
    return out
