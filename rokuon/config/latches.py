"""Peers whose media somebody else might take the place of, by the latch that they were given.

Pure. Knows nothing of who is told.
"""

from capture.links.relay_messages import Latch
from rokuon.config.schema import Config


def peers_with(latch: Latch, config: Config) -> list[str]:
    """The sources and targets with this latch, each with the name of its table."""
    peers = (("source", config.source), ("target", config.target))
    return [
        f"{table} {peer.name}" for table, listed in peers for peer in listed if peer.latch == latch
    ]
