"""The filter of system calls that systemd puts on a shipped unit, as a program for the kernel.

Sets are expanded by systemd's own list, the program is made by libseccomp, which systemd uses too.
Knows `SystemCallFilter=` as our units write it, and `ProtectClock=`.
"""

import ctypes
import errno
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_LIBRARY: Final = "libseccomp.so.2"


def why_not() -> str:
    """Why no filter can be made or loaded here; "" where it can."""
    if shutil.which("systemd-analyze") is None:
        return "there is no systemd-analyze"
    told = subprocess.run(["setpriv", "--help"], capture_output=True, text=True, check=False)
    if "--seccomp-filter" not in told.stdout:
        return "setpriv loads no filter here"
    try:
        ctypes.CDLL(_LIBRARY)
    except OSError:
        return f"there is no {_LIBRARY}"
    return ""


def write_filter(unit: Mapping[str, str], file: Path) -> None:
    """What a unit with these settings may call, all else is refused (EPERM)."""
    assert unit["SystemCallErrorNumber"] == "EPERM"
    # Without these nothing is executed; systemd adds them to every list.
    names = {*_calls("@default"), *_expanded(unit["SystemCallFilter"])}
    if unit.get("ProtectClock") == "yes":
        names -= {*_calls("@clock")}
    library = ctypes.CDLL(_LIBRARY)
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_REFUSE)))
    for name in names:
        number = library.seccomp_syscall_resolve_name(name.encode())
        # Less than nothing: a call of other processors.
        if number >= 0:
            assert library.seccomp_rule_add(context, ctypes.c_uint32(_ALLOW), number, 0) == 0
    with file.open("wb") as output:
        assert library.seccomp_export_bpf(context, output.fileno()) == 0
    library.seccomp_release(context)


def _expanded(words: str) -> Iterator[str]:
    for word in words.split():
        if word.startswith("@"):
            yield from _calls(word)
        else:
            yield word


@cache
def _calls(name: str) -> tuple[str, ...]:
    """The calls of a set of systemd, those of the sets in it included."""
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    )
    lines = [each.strip() for each in told.stdout.splitlines()[1:]]
    return tuple(_expanded(" ".join(each for each in lines if not each.startswith("#"))))
