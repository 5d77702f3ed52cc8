"""What root does in the keeper's place, done as the keeper.

Knows whose folders and sockets they are; nothing of what is done there.
"""

import os
from pathlib import Path
from typing import Final

from rokuon.compose.keeper import spools_of
from rokuon.compose.keys import socket_of
from rokuon.config.schema import Config

_ROOT: Final = 0
# As the units have it: what one part makes, its group can use.
_UMASK: Final = 0o007


def become_keeper(config: Config) -> None:
    """Go on for good as the owner of the archive, where root began.

    A folder that root made in the spool takes no call of capture's, a page of root's is none that
    the keeper can read. Does nothing for anybody else, or where the archive is root's own.
    """
    if os.geteuid() != _ROOT or not config.archive.path.exists():
        return
    archive = config.archive.path.stat()
    if archive.st_uid == _ROOT:
        return
    os.setgroups(sorted(_groups(config)))
    os.setgid(archive.st_gid)
    os.setuid(archive.st_uid)
    os.umask(_UMASK)


def _groups(config: Config) -> set[int]:
    """Those of the folders that it works in, and of the sockets at which it asks for keys."""
    shared = (
        config.archive.path,
        config.catalog_path,
        *spools_of(config),
        socket_of(config, "keeper"),
        socket_of(config, "api"),
    )
    return {_group(path) for path in shared if path.exists()}


def _group(path: Path) -> int:
    return path.stat().st_gid
