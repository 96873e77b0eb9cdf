"""No orphans: a child process that ends when its parent does, however that ended.

The one idea: what a killed parent leaves behind would go on working for nobody, and hold its files open. Nobody can clean up after
`kill -9`, so a child sees to its own end, in the first line that it runs: Linux is asked to kill it with its parent, and a parent
that went before the asking is noticed. (Elsewhere the pipe between them ends, see `worker`.)
"""

from __future__ import annotations

import os
import sys

_DEATH_SIGNAL = 1
_PROGRAM = """import sys; sys.path[:] = {path!r}; import os, signal
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl({option}, signal.SIGKILL)
    if os.getppid() != {parent}:
        os._exit(1)
{code}
"""


def command(code: str) -> list[str]:
    """The command that runs Python code with this interpreter and its paths, in a process that ends with the one asking."""
    program = _PROGRAM.format(path=sys.path, option=_DEATH_SIGNAL, parent=os.getpid(), code=code)
    return [sys.executable, "-c", program]
