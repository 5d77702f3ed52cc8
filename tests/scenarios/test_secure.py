"""SRTP from end to end: SIPp signals, libsrtp seals what ffmpeg encoded, tcpdump is the witness."""

import base64
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pylibsrtp import Policy, Session

from bench.processes import family_of
from tests.crash.whole import part_of
from tests.scenarios.bodies import alone, both, description, metadata
from tests.scenarios.oracle import heard_in_place, same_datagrams, stretches
from tests.scenarios.recordings import Recorded, recorded_of
from tests.scenarios.scene import Scene
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, LONG_SAYS, PACKET_S, recorded, replay
from tests.scenarios.server import Server
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met

pytestmark = pytest.mark.scenario

SUITE = "AES_CM_128_HMAC_SHA1_80"
MASTER, SECOND, THIRD = (bytes(range(first, first + 30)) for first in (0, 60, 120))
# Where the client's sequence numbers begin, so that they roll over within the call.
NEARLY_OVER = 65_500
# Long enough for two changes of the key, three and a half seconds apart, and two kills.
LONG = tuple(replace(speech, seconds=14) for speech in LONG_SAYS)


def secure(master: bytes) -> str:
    """A description of two streams of SRTP under one key."""
    crypto = f"a=crypto:1 {SUITE} inline:{base64.b64encode(master).decode()}\r\na=label:"
    return description().replace("RTP/AVP", "RTP/SAVP").replace("a=label:", crypto)


def rolling(packets: list[bytes]) -> list[bytes]:
    """The packets with numbers that roll over after a second."""
    return [
        packet[:2] + ((NEARLY_OVER + n) % 65_536).to_bytes(2, "big") + packet[4:]
        for n, packet in enumerate(packets)
    ]


def seal(packets: list[bytes], master: bytes = MASTER) -> dict[bytes, bytes]:
    """Each packet as libsrtp seals it, and what it was."""
    policy = Policy(
        key=master,
        ssrc_type=Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    )
    session = Session(policy)
    return {session.protect(packet): packet for packet in packets}


def heard(found: Recorded, scene: Scene, unsealed: dict[bytes, bytes]) -> None:
    """Bit for bit what the witness saw; what libsrtp sealed is heard in its place, no gap in it."""
    seen, audio = scene.media(), found.audio()
    same_datagrams(found.datagrams(), seen)
    plain = [replace(d, payload=unsealed[d.payload]) for d in seen if d.payload in unsealed]
    for lane, port in enumerate(scene.ports()):
        places = heard_in_place(audio[:, lane], stretches(plain, port), scene.invited().at_us)
        assert len(places) == 1


def unproved(found: Recorded) -> list[dict[str, Any]]:
    """The packets of a recording that `verify` names."""
    rows = found.server.value("verify", expected=None)["unproved"]
    return [row for row in rows if found.row["recording"] in row["part"]]


def test_a_call_over_srtp_is_kept_as_it_came_and_heard_as_it_was_spoken(stage: Stage) -> None:
    """Bit for bit in the export, sample for sample in the WAV, through a rollover."""
    customers, agents = (seal(rolling(recorded(speech))) for speech in (CUSTOMER_SAYS, AGENT_SAYS))
    forged = next(iter(customers))
    forged = forged[:-1] + bytes([forged[-1] ^ 1])
    with stage.call("call", both(secure(MASTER), metadata(fresh_number()))) as call:
        customer, agent = call.scene.ports()
        replay([(n * PACKET_S, packet) for n, packet in enumerate(customers)], customer)
        replay([(n * PACKET_S, packet) for n, packet in enumerate(agents)], agent)
        replay([(0.0, forged)], customer)
        call.hang_up()

    found = recorded_of(call.scene)
    assert "keys_in_clear" in found.flags
    heard(found, call.scene, {**customers, **agents})
    assert [row["packet"] for row in unproved(found)] == [f"RTP {NEARLY_OVER}"]
    trace = stage.server.command("calls", "trace", found.row["call"])
    assert "INVITE" in trace
    assert base64.b64encode(MASTER).decode() not in trace


@dataclass(slots=True)
class Rekeyed:
    """A stream whose every packet is sealed under each of several keys; one of them is in use."""

    sealed: Sequence[Sequence[bytes]]
    used: int = 0
    sent: list[bytes] = field(default_factory=list)

    def due(self) -> Iterator[tuple[float, bytes]]:
        """What to send and when; the key is the one in use when the packet is made."""
        for number in range(len(self.sealed[0])):
            self.sent.append(self.sealed[self.used][number])
            yield number * PACKET_S, self.sent[-1]


def rekeyed(packets: list[bytes], unsealed: dict[bytes, bytes], *, counts_on: bool) -> Rekeyed:
    """Under three keys. A client's rollover counter goes on with a new key, or begins again."""
    over = 65_536 - NEARLY_OVER
    under = []
    for master in (MASTER, SECOND, THIRD):
        made = seal(packets, master) if counts_on or not under else {
            **seal(packets[:over], master), **seal(packets[over:], master),
        }  # fmt: skip
        unsealed.update(made)
        under.append(list(made))
    return Rekeyed(under)


def kill_worker(server: Server) -> None:
    """kill -9 of the ingest worker; another one is there when this returns."""

    def worker() -> int | None:
        family = family_of(server.process_id)
        return next((pid for pid in family if part_of(pid) == "ingest-0"), None)

    killed = worker()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    met(lambda: worker() not in {None, killed}, "another worker")


def test_new_keys_and_killed_workers_cost_no_packet(stage: Stage) -> None:
    """A worker dies after the first rollover, another after the key has changed twice."""
    unsealed: dict[bytes, bytes] = {}
    streams = [
        rekeyed(rolling(recorded(speech)), unsealed, counts_on=counts_on)
        for speech, counts_on in zip(LONG, (True, False), strict=True)
    ]
    later = {"hold": alone(secure(SECOND)), "resume": alone(secure(THIRD))}

    def use(key: int) -> None:
        for stream in streams:
            stream.used = key

    def after(packets: int) -> Callable[[], bool]:
        count = len(streams[1].sent) + packets
        return lambda: len(streams[1].sent) >= count

    with (
        stage.call("hold", both(secure(MASTER), metadata(fresh_number())), later=later) as call,
        ThreadPoolExecutor(len(streams)) as senders,
    ):
        ports = call.scene.ports()
        sending = [
            senders.submit(replay, stream.due(), port)
            for stream, port in zip(streams, ports, strict=True)
        ]
        met(after(2 * (65_536 - NEARLY_OVER)), "the first rollover")
        kill_worker(stage.server)
        call.client.go_on()
        for number, key in ((2, 1), (3, 2)):
            call.scene.acknowledged(number)
            use(key)
        met(after(50), "a second under the third key")
        kill_worker(stage.server)
        forged = streams[0].sent[-1]
        replay([(0.0, forged[:-1] + bytes([forged[-1] ^ 1]))], ports[0])
        for each in sending:
            each.result()
        call.hang_up()

    found = recorded_of(call.scene)
    assert all(stream.used == 2 for stream in streams)
    heard(found, call.scene, unsealed)
    sequence = int.from_bytes(forged[2:4], "big")
    assert [row["packet"] for row in unproved(found)] == [f"RTP {sequence}"]
    assert "media_unproved" not in found.flags
