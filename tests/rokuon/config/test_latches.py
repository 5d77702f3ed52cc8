"""Which peers have which latch."""

from pathlib import Path

import pytest

from capture.links.relay_messages import Latch
from rokuon.config.latches import peers_with
from rokuon.config.load import parse

PEERS = """\
[[source]]
name = "a"
address = ["192.0.2.1/32"]
latch = "any"
[[source]]
name = "b"
address = ["192.0.2.2/32"]
latch = "nat"
[[target]]
name = "t"
uri = "sip:192.0.2.30"
latch = "nat"
[[target]]
name = "u"
uri = "sip:192.0.2.31"
"""


@pytest.mark.parametrize(
    ("latch", "found"),
    [
        (Latch.ANY, ["source a"]),
        (Latch.NAT, ["source b", "target t"]),
        (Latch.SIGNALLED, ["target u"]),
    ],
)
def test_sources_and_targets_are_told_by_their_tables(latch: Latch, found: list[str]) -> None:
    """Both have names of their own, which may be the same."""
    assert peers_with(latch, parse(PEERS, name="rokuon.toml", base=Path())) == found
