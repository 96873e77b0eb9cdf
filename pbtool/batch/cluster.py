"""A batch on a Dask cluster (the extra `cluster`): Dask moves shards, nothing more.

The one idea: a task is the shard command in a process of its own, so that no document can hurt a Dask worker, and only the
path of the part comes back. A shard whose worker dies is run again somewhere else, and leaves the same part.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pbtool.batch.job import Report
from pbtool.batch.shards import unite
from pbtool.errors import UNREADABLE, PbtoolError, UsageError

_RETRIES = 3


def on_cluster(
    address: str,
    inputs: Sequence[str],
    db: str,
    *,
    shards: int,
    parts: str,
    arguments: Sequence[str] = (),
    watch: Callable[[int], None] | None = None,
) -> Report:
    """Work `inputs` in `shards` shards on the cluster at `address`, and unite the parts (in the folder `parts`) in `db`.

    Scheduler and workers are started by Dask's own commands; all of them must see the same files. `arguments` are further
    options of the shard command. Raises UsageError without the extra, PbtoolError where a shard failed on every try.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise UsageError("--cluster needs Dask: pip install 'pbtool[cluster]'") from None
    folder = Path(parts).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    where = [str(Path(text).resolve()) for text in inputs]
    with Client(address, timeout=30) as client:
        futures = [
            client.submit(
                run_shard, where, number, shards, str(folder), list(arguments), retries=_RETRIES, pure=False
            )
            for number in range(1, shards + 1)
        ]
        for done, future in enumerate(as_completed(futures), 1):
            if future.status == "error":
                raise PbtoolError(
                    f"a shard failed {_RETRIES + 1} times: {future.exception()}; its parts so far are in {folder}"
                )
            if watch is not None:
                watch(done)
    return unite(str(folder), db)


def run_shard(inputs: Sequence[str], number: int, shards: int, folder: str, arguments: Sequence[str]) -> str:
    """Run one shard by the command line, in a process of its own; gives the path of its part."""
    out = str(Path(folder) / f"part-{number:05}-of-{shards:05}.jsonl")
    command = [
        sys.executable,
        "-m",
        "pbtool",
        "batch",
        *inputs,
        "--shard",
        f"{number}/{shards}",
        "--out",
        out,
        "-q",
        *arguments,
    ]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode not in (0, UNREADABLE) or not Path(out).exists():
        raise RuntimeError(
            done.stderr.decode("utf-8", "replace").strip()[-400:] or f"status {done.returncode}"
        )
    return out
