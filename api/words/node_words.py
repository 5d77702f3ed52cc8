"""A node in words: its disks, and what has run out where new calls are refused.

Pure. Knows nothing of how either is measured.
"""

from collections.abc import Mapping
from typing import Final

from api.words.texts import said

DISKS: Final[Mapping[str, str]] = {
    "spool": said("spool"),
    "spool_second": said("second spool"),
    "archive": said("archive"),
    "catalog": said("catalog"),
    "pages": said("intake pages"),
    "keystore": said("keystore"),
}
FULL: Final[Mapping[str, str]] = {
    "starting": said("capture has just begun"),
    "draining": said("drained, by an administrator's wish"),
    "calls": said("as many calls are up as the configuration allows"),
    "ports": said("no port is left for sound"),
    "cpu": said("the processor is busy"),
    "workers": said("none of the workers can take a call"),
    "relays": said("no relay is left"),
    "spool bytes": said("the spool is full"),
    "spool inodes": said("the spool can hold no more files"),
    "spool failing": said("the disk of the spool takes nothing"),
    "memory of live calls": said("no memory is left for calls in progress"),
}
