"""Video or a fax beside speech: it crosses byte for byte, and nothing of it is kept.

SIPp on both sides, each with a voice for its speech and another one for what is beside it.
"""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from archive.call.events import MediaUnrecorded
from tests.scenarios.inline.kept import Kept, Ports
from tests.scenarios.inline.node import ALICE, BOB, Call, Node
from tests.scenarios.inline.talk import ACKED
from tests.scenarios.inline.voice import Voice, voice
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, HEADER_BYTES
from tests.scenarios.waiting import met, until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
VIDEO: Final = "m=video {port} RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\na=sendrecv\r\n"
FAX: Final = "m=image {port} udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\n"
SEEN: Final = {VIDEO: ("video", "RTP/AVP", ("96",)), FAX: ("image", "udptl", ("t38",))}


@dataclass(frozen=True, slots=True)
class Party:
    """Where somebody is, what he says, and what of his is beside it."""

    host: str
    speech: Voice
    beside: Voice
    mark: bytes

    def settings(self, scenario: str, line: str) -> sipp.Settings:
        """A SIPp with both lines in its description."""
        body = sipp.description(self.host, self.speech.port)
        body += line.format(port=self.beside.port)
        return sipp.Settings(scenario=scenario, host=self.host, keys=(("sdp_body", body),))

    def saw(self, mark: bytes) -> bool:
        """Has what the other one sends come, a second of it, and every byte as it was?"""
        came = [packet[HEADER_BYTES:] for packet in self.beside.datagrams()]
        return len(came) > 50 and set(came) == {mark * 10}


def party(stack: ExitStack, host: str, says: object) -> Party:
    """One with two voices."""
    mark = secrets.token_bytes(16)
    speech = stack.enter_context(voice(host, says))  # type: ignore[arg-type]  # one of ours
    return Party(host, speech, stack.enter_context(voice(host, mark * 10)), mark)


def port_beside(call: Call, line: str, *, of_callee: bool) -> int:
    """Which port a party was told for what is beside speech."""
    scene = call.callee_scene() if of_callee else call.scene()
    word = f"\nm={SEEN[line][0]} ".encode()

    def find() -> int | None:
        texts = [m.text for m in scene.messages() if m.from_server and word in m.text]
        return int(texts[0].partition(word)[2].split()[0]) if texts else None

    return until(find, "a port beside speech")


@pytest.mark.parametrize("line", [VIDEO, FAX], ids=["video", "fax"])
def test_what_is_beside_speech_crosses_and_is_an_event_and_no_more(
    node: Node, tmp_path: Path, line: str
) -> None:
    """Speech is recorded as ever; the parties hear each other, and each gets the other's bytes."""
    with ExitStack() as stack:
        alice, bob = (
            party(stack, host, says) for host, says in ((ALICE, CUSTOMER_SAYS), (BOB, AGENT_SAYS))
        )
        theirs = stack.enter_context(sipp.callee(tmp_path, bob.settings("callee", line)))
        call = node.route(theirs.node, notice=[])
        ours = stack.enter_context(
            sipp.caller(tmp_path, alice.settings("caller", line), call.target, called=call.number)
        )
        ours.saw(ACKED)
        ports = Ports.of(call)
        for one, port, of_callee in ((alice, ports.caller, False), (bob, ports.callee, True)):
            one.speech.speak_to(port, node.server.bind)
            one.beside.speak_to(port_beside(call, line, of_callee=of_callee), node.server.bind)
        alice.speech.hears(AGENT_SAYS)
        bob.speech.hears(CUSTOMER_SAYS)
        met(lambda: alice.saw(bob.mark) and bob.saw(alice.mark), "what is beside speech")
        ours.go_on()
        ours.finish()
        theirs.finish()
    kept = Kept.of(call)

    (passed,) = kept.all(MediaUnrecorded)
    assert (passed.media, passed.protocol, passed.formats) == SEEN[line]
    kept.voices_in_place()
    exported = kept.recorded.datagrams()
    assert {d.target.port for d in exported} >= {ports.caller, ports.callee}
    assert not [d for d in exported if alice.mark in d.payload or bob.mark in d.payload]
