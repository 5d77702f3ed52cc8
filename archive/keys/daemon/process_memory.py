"""Keeps the memory of a process that holds keys out of dumps, debuggers and swap.

Knows nothing of the keys.
"""

import ctypes
import os
import resource
from typing import Final

# <linux/prctl.h>, <sys/mman.h>
_PR_SET_DUMPABLE: Final = 4
_MCL_CURRENT: Final = 1
_MCL_FUTURE: Final = 2


def protect_process() -> None:
    """No core dump, no ptrace by others of the same user, no swap where that is permitted.

    Raises `OSError` if dumps cannot be switched off; the memory lock is best effort.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        # Under a limit, later allocations would fail instead of being unlocked.
        libc.mlockall(_MCL_CURRENT | _MCL_FUTURE)
