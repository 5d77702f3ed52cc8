"""What the kernel allows this process, asked for at its start.

Knows nothing of what the process will do.
"""

import os
import resource

# What we make is for owner and group; the folders say which group that is. The group may write: the
# keeper closes and removes what capture made, and the API journals in the keeper's catalog.
CLOSED_TO_OTHERS = 0o007


def close_to_others() -> None:
    """Make files that others cannot read, whoever starts us."""
    os.umask(CLOSED_TO_OTHERS)


def raise_descriptors(wanted: int) -> int:
    """Allow as many open files as are wanted, or as the hard limit permits; returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
