"""What the operating system refuses, in words, with the file or address that it is about.

Knows no command. Who raises an error names the file or the address in it.
"""

import errno
import os
import pwd
import re
import ssl
from collections.abc import Callable
from typing import Final

from rokuon.messages.i18n import tr

# How Python names the address in its text, where the error has no place for one.
_BIND_ON: Final = re.compile(r"bind on address \('([^']*)', (\d+)")

_WORDS: Final[dict[int, Callable[[], str]]] = {
    errno.ENOENT: lambda: tr("there is no such file or folder"),
    errno.EACCES: lambda: tr("not permitted: {user} may not read or write it"),
    errno.EPERM: lambda: tr("not permitted: {user} may not read or write it"),
    errno.EADDRINUSE: lambda: tr("another program has this address"),
    errno.EADDRNOTAVAIL: lambda: tr("this machine does not have this address"),
    errno.ENOSPC: lambda: tr("the disk is full"),
    errno.EDQUOT: lambda: tr("the disk is full"),
    errno.EROFS: lambda: tr("the disk is mounted for reading alone"),
    errno.EIO: lambda: tr("the disk does not answer as it should"),
    errno.EISDIR: lambda: tr("it is a folder, not a file"),
    errno.ENOTDIR: lambda: tr("something on the way to it is not a folder"),
    errno.EEXIST: lambda: tr("it exists already"),
    errno.EMFILE: lambda: tr("too many files are open: raise LimitNOFILE, or ulimit -n"),
    errno.ENFILE: lambda: tr("too many files are open: raise LimitNOFILE, or ulimit -n"),
    errno.ENAMETOOLONG: lambda: tr("the name is too long"),
    errno.ECONNREFUSED: lambda: tr("nobody answers there"),
    errno.ETIMEDOUT: lambda: tr("nobody answers there"),
    errno.EHOSTUNREACH: lambda: tr("there is no way to it through the network"),
    errno.ENETUNREACH: lambda: tr("there is no way to it through the network"),
}


def in_words(error: OSError) -> str:
    """The error as a sentence that begins with what it is about, where that is known."""
    said = _reason(error)
    where = _place(error)
    return f"{where}: {said}" if where else said


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return tr("nobody answers there")
    if isinstance(error, ssl.SSLError):
        return tr("TLS: {reason}").format(reason=error.reason or error.strerror or error)
    words = _WORDS.get(error.errno or 0)
    if words is None:
        return error.strerror or str(error)
    return words().format(user=_user())


def _place(error: OSError) -> str:
    names = [str(name) for name in (error.filename, error.filename2) if name is not None]
    if names:
        return ", ".join(names)
    found = _BIND_ON.search(error.strerror or "")
    return f"{found[1]}:{found[2]}" if found else ""


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"
