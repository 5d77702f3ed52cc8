"""What a start says of peers whose media may come from elsewhere than their SDP says.

Knows nothing of packets; docs/inline.md says what each latch allows.
"""

from collections.abc import Mapping
from typing import Final

import structlog

from rokuon.config.schema import Config

log = structlog.get_logger("rokuon.latches")
_ALLOWED: Final[Mapping[str, str]] = {
    "any": "whoever sends to a call's port is heard in the call and gets what is said in it",
    "nat": "until a party is heard, whoever sends first is taken for it",
}


def tell_latches(config: Config) -> None:
    """A line for each latch that is in use, with the peers that have it."""
    peers = (("source", config.source), ("target", config.target))
    for latch, allowed in _ALLOWED.items():
        having = [
            f"{table} {each.name}" for table, listed in peers for each in listed
            if each.latch == latch
        ]  # fmt: skip
        if having:
            log.warning(allowed, latch=latch, peers=having)
