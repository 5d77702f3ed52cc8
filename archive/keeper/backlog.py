"""How much waits in the spool to be archived, and for how long the oldest of it has waited.

Reads sizes and times of files alone. Knows nothing of why they wait.
"""

import os
from collections.abc import Iterator

from archive.keeper.spool import SpoolFile
from archive.keeper.state_file import Backlog
from archive.keeper.visits import Visits


def measure_backlog(visits: Visits) -> Backlog:
    """What waits now, as far as the keeper has seen it."""
    waiting = [*visits.new(), *visits.finished()]
    found = list(_found(waiting))
    return Backlog(
        parts=len(found),
        size_bytes=sum(each.st_size for each in found),
        oldest_us=min((each.st_mtime_ns // 1_000 for each in found), default=0),
        live=len(visits.silent()),
    )


def _found(files: list[SpoolFile]) -> Iterator[os.stat_result]:
    """What can be asked; a part may have been renamed by its writer, or its disk be gone."""
    for file in files:
        try:
            yield os.lstat(file.path)
        except OSError:
            continue
