"""SRTP from end to end: SIPp signals, libsrtp seals what ffmpeg encoded, tcpdump is the witness."""

import base64
from dataclasses import replace

import pytest
from pylibsrtp import Policy, Session

from tests.scenarios.bodies import Content, both, description, metadata
from tests.scenarios.oracle import heard_in_place, same_datagrams, stretches
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, PACKET_S, recorded, replay
from tests.scenarios.stage import Stage, fresh_number

pytestmark = pytest.mark.scenario

SUITE = "AES_CM_128_HMAC_SHA1_80"
MASTER = bytes(range(30))
# Where the client's sequence numbers begin, so that they roll over within the call.
NEARLY_OVER = 65_500


def secure_offer() -> Content:
    """Two streams of SRTP under one key, with metadata."""
    crypto = f"a=crypto:1 {SUITE} inline:{base64.b64encode(MASTER).decode()}\r\na=label:"
    sdp = description().replace("RTP/AVP", "RTP/SAVP").replace("a=label:", crypto)
    return both(sdp, metadata(fresh_number()))


def rolling(packets: list[bytes]) -> list[bytes]:
    """The packets with numbers that roll over after a second."""
    return [
        packet[:2] + ((NEARLY_OVER + n) % 65_536).to_bytes(2, "big") + packet[4:]
        for n, packet in enumerate(packets)
    ]


def seal(packets: list[bytes]) -> dict[bytes, bytes]:
    """Each packet as libsrtp seals it, and what it was."""
    policy = Policy(
        key=MASTER,
        ssrc_type=Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    )
    session = Session(policy)
    return {session.protect(packet): packet for packet in packets}


def test_a_call_over_srtp_is_kept_as_it_came_and_heard_as_it_was_spoken(stage: Stage) -> None:
    """Bit for bit in the export, sample for sample in the WAV, through a rollover."""
    customers, agents = (seal(rolling(recorded(speech))) for speech in (CUSTOMER_SAYS, AGENT_SAYS))
    forged = next(iter(customers))
    forged = forged[:-1] + bytes([forged[-1] ^ 1])
    with stage.call("call", secure_offer()) as call:
        customer, agent = call.scene.ports()
        replay([(n * PACKET_S, packet) for n, packet in enumerate(customers)], customer)
        replay([(n * PACKET_S, packet) for n, packet in enumerate(agents)], agent)
        replay([(0.0, forged)], customer)
        call.hang_up()

    found, seen = recorded_of(call.scene), call.scene.media()
    assert "keys_in_clear" in found.flags
    same_datagrams(found.datagrams(), seen)

    plain = [replace(d, payload=({**customers, **agents}[d.payload])) for d in seen
             if d.payload in customers or d.payload in agents]  # fmt: skip
    audio = found.audio()
    for lane, port in enumerate((customer, agent)):
        places = heard_in_place(audio[:, lane], stretches(plain, port), call.scene.invited().at_us)
        assert len(places) == 1

    named = [row for row in stage.server.rows("verify") if "packet" in row]
    assert [row["packet"] for row in named] == [f"RTP {NEARLY_OVER}"]
    trace = stage.server.command("calls", "trace", found.row["call"])
    assert "INVITE" in trace
    assert base64.b64encode(MASTER).decode() not in trace
