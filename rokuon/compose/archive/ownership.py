"""What root does in the keeper's place, done as the keeper.

Knows whose folders and sockets they are; nothing of what is done there.
"""

import os
from typing import Final

from rokuon.compose.archive.keeper import spools_of
from rokuon.compose.archive.key_daemon import socket_of
from rokuon.config.schema import Config
from rokuon.machine.process_limits import close_to_others

_ROOT: Final = 0


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
    close_to_others()


def _groups(config: Config) -> set[int]:
    """Those of the folders that it works in, and of the sockets at which it asks for keys."""
    shared = (
        config.archive.path,
        config.catalog_path,
        *spools_of(config),
        socket_of(config, "keeper"),
        socket_of(config, "api"),
    )
    return {path.stat().st_gid for path in shared if path.exists()}
