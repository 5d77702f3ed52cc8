"""What tests of vendors share."""

import dataclasses
from collections.abc import Mapping

from tests.capture.siprec.stage import CALL_ID, CLIENT, Stage
from tests.vendors.expected import INTERNAL_DOMAINS, INTERNAL_NUMBERS, Expected
from tests.vendors.script import Message, placed, wire

OK = 200


def places(to_tag: bytes, cseq: int) -> Mapping[str, str]:
    """Addresses and tags as the stage has them."""
    here, peer = "192.0.2.9", "192.0.2.1"
    return {
        "srs": here, "srs_host": here, "src": f"{peer}:5060", "src_host": peer,
        "transport": "UDP", "lower_transport": "udp", "branch": f"z9hG4bK-{cseq}",
        "call_id": CALL_ID.decode(), "tag": "peer", "cseq": str(cseq), "target": f"sip:{here}",
        "to_tag": f";tag={to_tag.decode()}" if to_tag else "", "length": "{length}",
    }  # fmt: skip


def staged(expected: Expected, *, strict: bool = False, reloaded: bool = False) -> Stage:
    """A stage whose source is set up as the pages of docs/how-to say."""
    source = dataclasses.replace(
        CLIENT,
        mode=expected.mode,
        strict=strict,
        internal_domains=INTERNAL_DOMAINS,
        internal_numbers=INTERNAL_NUMBERS,
    )
    return Stage(source=source, reloaded=reloaded)


def play(stage: Stage, message: Message, number: int) -> Stage:
    """Send the message of this place in its script; an INVITE that is taken is acknowledged."""
    tag = b"" if number == 0 else stage.dialog.local_tag
    stage.peer(wire(placed(message, places(tag, number + 1))))
    if message.method == "INVITE" and stage.answers()[-1].status == OK:
        return stage.inside(b"ACK", number + 1)
    return stage
