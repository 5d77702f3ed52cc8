"""Whether a folder lies on another machine's disk: by the kernel's table of mounts (proc(5)).

Knows nothing of what lies there.
"""

import os
from pathlib import Path
from typing import Final

TABLE: Final = Path("/proc/self/mountinfo")
# Kinds that do not show one machine's locks to another; those of clusters do.
_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "9p", "afs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone"}
)


def network_kind(folder: Path, table: str) -> str:
    """The kind of the folder's file system where it is a network's, such as `nfs4`; else "".

    `table` is the text of `mountinfo`. Raises `OSError` where the folder cannot be looked at.
    """
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in table.splitlines():
        before, _, behind = line.partition(" - ")
        if before.split()[2:3] == [wanted]:
            kind = behind.partition(" ")[0]
            return kind if kind in _NETWORK else ""
    return ""
