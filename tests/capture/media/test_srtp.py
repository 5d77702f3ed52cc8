"""SRTP from libsrtp over real sockets: rollover, key change, a killed worker, forgeries."""

import base64
import os
import signal
import struct
from pathlib import Path
from typing import Final

import msgspec
from pylibsrtp import Policy, Session

from archive.call.events import Format, StreamAdded, StreamKeyed, encode_event
from archive.format.intake import PAGE_BYTES, open_page
from archive.reading.recording import PartOnDisk, RecordingReader
from archive.reading.unproved import Prover
from capture.links.recorder_messages import Close, NumberedEvent, Record
from tests.capture.media import scene
from tests.capture.media.scene import INTAKE_KEY, Ingest, Node, opened, record, recording_id, rtp

PCMU: Final = Format(payload_type=0, encoding="PCMU", clock_rate_hz=8000)


def line(seed: int) -> str:
    master = bytes(range(seed, seed + 30))
    return f"{seed} AES_CM_128_HMAC_SHA1_80 inline:{base64.b64encode(master).decode()}"


class Sender:
    """A client that seals with libsrtp; its sequence numbers run on."""

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence
        self.change_key(1)

    def change_key(self, seed: int) -> None:
        policy = Policy(
            key=bytes(range(seed, seed + 30)), ssrc_type=Policy.SSRC_ANY_OUTBOUND,
            srtp_profile=Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
        )  # fmt: skip
        self._session = Session(policy)

    def packets(self, count: int) -> list[bytes]:
        made = []
        for _ in range(count):
            made.append(self._session.protect(rtp(self.sequence)))
            self.sequence += 1
        return made


def keyed(recording: bytes, *seeds: int) -> Record:
    """The recording of one stream with these keys, the last in force."""
    lines = tuple(map(line, seeds))
    wanted, now_us = record(recording, 0, keys=lines), scene.wall_us()
    added = StreamAdded(
        at_us=now_us, stream=0, label="1", local_port=1, formats=(PCMU,), direction="recvonly"
    )
    said = [added, *(StreamKeyed(at_us=now_us, stream=0, crypto=each) for each in lines)]
    events = (
        NumberedEvent(serial, event.at_us, 0, encode_event(event))
        for serial, event in enumerate(said)
    )
    return msgspec.structs.replace(wanted, events=tuple(events))


def unproved(path: Path) -> list[int]:
    """The sequence numbers of a part's packets that no key proves."""
    prover = Prover()
    with opened(path) as reader:
        reader.verify(hear=prover.hear)
    return [each.sequence for each in prover.unproved()]


def samples(node: Node) -> int:
    """How many samples of the recording are the speech that was sent."""
    parts = []
    for path in node.files():
        lead = path.read_bytes()[: 2 * PAGE_BYTES]
        key = bytes(open_page(lead[:PAGE_BYTES], lead[PAGE_BYTES:], INTAKE_KEY))
        parts.append(PartOnDisk(path=path, data_key=lambda key=key: key, base=PAGE_BYTES))
    with RecordingReader(parts) as reader:
        wav = b"".join(reader.rendering([0]).blocks())
    heard = struct.unpack_from(f"<{(len(wav) - 44) // 2}h", wav, 44)
    return sum(1 for value in heard if value)


def closed(node: Node, ingest: Ingest, recording: bytes) -> Path:
    ingest.roster.close(Close(recording=recording, reason="bye", at_us=0))
    ingest.publish()
    return node.files()[-1]


def test_a_rollover_and_a_new_key_lose_nothing(node: Node) -> None:
    """Every packet is proved and heard; the file has them as they came."""
    recording, ingest, sender = recording_id(), node.ingest(), Sender(65_500)
    node.listen(0)
    ingest.roster.record(keyed(recording, 1))
    sent = sender.packets(60)
    node.send(0, *sent)
    ingest.sweep()
    sender.change_key(2)
    after = sender.packets(60)
    node.send(0, *after)
    ingest.sweep()
    ingest.roster.record(keyed(recording, 1, 2))
    path = closed(node, ingest, recording)

    assert [each.data for each in node.heard()] == [*sent, *after]
    assert unproved(path) == []
    assert samples(node) == 120 * 160


def test_a_worker_that_is_killed_after_a_rollover_leaves_no_hole(node: Node) -> None:
    """Its successor knows neither the counter nor the packets before; the tags tell."""
    recording, first, sender = recording_id(), node.ingest(), Sender(65_500)
    node.listen(0)
    first.roster.record(keyed(recording, 1))
    sent = sender.packets(60)
    node.send(0, *sent)
    first.sweep()
    late = sender.packets(30)
    node.send(0, *late)
    assert scene.dies(lambda: _sweep_and_die(first))
    second = node.ingest()
    second.roster.record(keyed(recording, 1))
    second.roster.adopt_landed()
    last = sender.packets(30)
    node.send(0, *last)
    second.sweep()
    closed(node, second, recording)

    assert [each.data for each in node.heard()] == [*sent, *late, *last]
    assert [unproved(path) for path in node.files()[1:]] == [[]]
    assert samples(node) == 120 * 160


def _sweep_and_die(ingest: Ingest) -> None:
    ingest.sweep()
    os.kill(os.getpid(), signal.SIGKILL)


def test_every_forged_packet_is_named(node: Node) -> None:
    """And silent; what was sealed is heard."""
    recording, ingest, sender = recording_id(), node.ingest(), Sender(100)
    node.listen(0)
    ingest.roster.record(keyed(recording, 1))
    sent = sender.packets(20)
    forged = [packet[:-1] + bytes([packet[-1] ^ 1]) for packet in sent[5:9]]
    node.send(0, *sent[:5], *forged, *sent[9:])
    ingest.sweep()
    path = closed(node, ingest, recording)

    assert unproved(path) == [105, 106, 107, 108]
    assert samples(node) == 16 * 160
