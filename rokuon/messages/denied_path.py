"""Which folder, or which socket, refuses who asks, whose it is, and how one is let in.

Looks at the file system as the asking user. Knows nothing of what is asked.
"""

import grp
import os
import stat
from pathlib import Path

from rokuon.machine.logins import name_of
from rokuon.messages.i18n import tr


def closed_words(socket: Path) -> str:
    """What a user of the operating system reads whom the kernel does not let through to it."""
    closed = _closed(socket)
    found = closed.stat()
    group = _group_of(found.st_gid)
    said = tr("{path} is closed to the user {user}: it belongs to {owner}, group {group} ({mode})")
    told = said.format(
        path=closed,
        user=name_of(os.geteuid()),
        owner=name_of(found.st_uid),
        group=group,
        mode=stat.filemode(found.st_mode),
    )
    if found.st_mode & (stat.S_IXGRP if stat.S_ISDIR(found.st_mode) else stat.S_IWGRP):
        fix = tr("have root add you to the group ({command}), then log in anew")
        return f"{told}; " + fix.format(command=f"usermod -aG {group} {name_of(os.geteuid())}")
    return f"{told}; " + tr("its group is not let in either: see http.socket in the configuration")


def _closed(socket: Path) -> Path:
    """The first on the way that does not let us through; the socket where every folder does."""
    folders = reversed(socket.absolute().parents)
    return next((each for each in folders if not os.access(each, os.X_OK)), socket)


def _group_of(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
