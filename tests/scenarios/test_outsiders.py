"""Somebody who has read Call-ID and tags in a log speaks in a call that is not his.

SIPp signals, the attacker is a socket at the address of another configured source. What the export
has afterwards is judged by tones, each sender's of its own.
"""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.recordings import recorded_of
from tests.scenarios.scene import Scene
from tests.scenarios.server import HOST, KNOWN_PEER
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met
from tests.support.scenarios.other_sender import Tone, heard_s, is_heard_at_all, say

pytestmark = pytest.mark.scenario

GUEST: Final = "127.0.0.3"
OF_ANOTHER: Final = "127.0.0.4"
_SOURCES: Final = f"""
[[source]]
name = "guest"
address = ["{GUEST}/32"]
[[source]]
name = "of another"
address = ["{OF_ANOTHER}/32"]
tenant = "{"ab" * 16}"
"""
_NAMED: Final = re.compile(rb"(?im)^(From|To|Call-ID):[ \t]*(.*?)\r$")


def asks(scene: Scene, host: str, method: str, cseq: int, sdp: str = "") -> int:
    """A request in this dialog from another address; the status of the answer."""
    said = dict(_NAMED.findall(scene.answered().text))
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as ours:
        ours.bind((host, 0))
        ours.settimeout(10)
        body = sdp.replace("\n", "\r\n").encode() if sdp else b""
        lines = [
            f"{method} sip:srs@{HOST} SIP/2.0".encode(),
            f"Via: SIP/2.0/UDP {host};rport;branch=z9hG4bK{method}{cseq}{host}".encode(),
            b"Max-Forwards: 70",
            b"From: " + said[b"From"],
            b"To: " + said[b"To"],
            b"Call-ID: " + said[b"Call-ID"],
            f"CSeq: {cseq} {method}".encode(),
            f"Contact: <sip:x@{host}>".encode(),
            b"X-Rokuon-Pause: on",
            *([b"Content-Type: application/sdp"] if body else []),
            b"Content-Length: %d" % len(body),
        ]
        ours.sendto(b"\r\n".join(lines) + b"\r\n\r\n" + body, (HOST, scene.server.sip_port))
        return int(ours.recv(1 << 16).split()[1])


def test_who_has_read_the_tags_of_a_call_is_neither_heard_nor_obeyed_in_it(patient: Stage) -> None:
    """The party is heard whole, and hangs up by itself."""
    text = patient.server.configuration.read_text()
    patient.server.configuration.write_text(text + _SOURCES)
    patient.server.reload()
    with (
        patient.call("call", both(description(), metadata(fresh_number()))) as call,
        ThreadPoolExecutor(2) as senders,
    ):
        customer, agent = call.scene.ports()
        party = senders.submit(say, customer, Tone(440, 8.0))
        other = senders.submit(say, agent, Tone(520, 8.0))
        met(lambda: len(call.scene.media()) > 50, "half a second of both")
        moved = description().replace(KNOWN_PEER, GUEST)
        for number, method in enumerate(("INVITE", "UPDATE", "INFO", "BYE")):
            sdp = moved if method in {"INVITE", "UPDATE"} else ""
            assert asks(call.scene, OF_ANOTHER, method, 900 + number, sdp) == 481
        assert [asks(call.scene, GUEST, each, 950, moved) for each in ("INVITE", "UPDATE")] == [
            488, 488,
        ]  # fmt: skip
        say(customer, Tone(1000, 2.0, GUEST))
        party.result()
        other.result()
        call.hang_up()

    found = recorded_of(call.scene)
    audio = found.audio()
    assert found.flags == {"foreign_request", "other_sender"}
    assert heard_s(audio, 0, 440) >= 7.5
    assert heard_s(audio, 1, 520) >= 7.5
    assert not is_heard_at_all(audio, 0, 1000)
