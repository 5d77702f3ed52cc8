"""Who waits for packets, and takes those that are plain."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from archive.srtp.suites import SUITES
from capture.holder.relay_buffer import RELAY_SLOTS, STAMP_WORDS
from capture.links.relay_messages import Keyed
from capture.media.relay import packet_loops
from capture.media.relay.compiled_keys import NoKeys
from capture.media.relay.live_calls import RelayEnd
from capture.media.relay.packet_loops import NativeLoop
from capture.media.relay.srtp import SrtpSealer
from capture.native.choice import choose_loop
from capture.native.layout import MAX_RUN
from tests.capture.media.relay_scene import FIRST_SEQUENCE, Stage, call, header, order, stage_on
from tests.capture.media.scene import Node, rtp
from tests.support.media.relay_secrecy import line, opening

CALLER_RTP = 1
TAIL = 1


@pytest.fixture
def native(node: Node, tmp_path: Path) -> Iterator[Stage]:
    """A stage whose relay runs the compiled loop, with a call that is up."""
    if choose_loop("native").is_lacking:
        pytest.skip(str(choose_loop("native").because))
    with stage_on(node, tmp_path, "native") as stage:
        stage.tell(call(stage, {"event_types": (101,)}))
        stage.send(stage.caller, rtp(0), to=0)
        stage.callee.hears()
        yield stage


@contextmanager
def full_queue() -> Iterator[tuple[socket.socket, bytes]]:
    """A socket that sends to a queue without room, and the queue's name for the kernel."""
    path = b"\0" + os.urandom(8).hex().encode()
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver,
    ):
        receiver.bind(path)
        sender.settimeout(0)
        with suppress(BlockingIOError):
            while True:
                sender.sendto(b"full", path)
        yield sender, socket.AF_UNIX.to_bytes(2, "little") + path


class Hands:
    """Notes how many packets come into Python's hands each time, and takes them as ever."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts: list[int] = []
        take = stage.relay.forwarder.go_on

        def go_on(end: RelayEnd, slot: int, count: int, now_s: float) -> None:
            self.counts.append(count)
            take(end, slot, count, now_s)

        monkeypatch.setattr(stage.relay.forwarder, "go_on", go_on)


def test_plain_packets_never_come_into_python_s_hands(
    native: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is what it is for."""
    hands = Hands(native, monkeypatch)
    native.send(native.caller, rtp(1), rtp(2), rtp(5), to=0)

    assert [header(native.callee.hears())[2] for _ in range(3)] == [1_001, 1_002, 1_005]
    assert [data for _, data in native.landed()] == [rtp(0), rtp(1), rtp(2), rtp(5)]
    assert hands.counts == []


def test_a_packet_that_is_not_plain_comes_into_python_s_hands_alone(
    native: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each packet is one loop's: none leaves twice, and their order stays."""
    hands = Hands(native, monkeypatch)
    key = rtp(2, b"\x05\x0a\0\0", kind=101)
    native.send(native.caller, rtp(1), key, rtp(3), to=0)

    assert [header(native.callee.hears())[2] for _ in range(3)] == [1_001, 1_002, 1_003]
    assert native.callee.hears_nothing()
    assert hands.counts == [1]
    assert [each.digit for each in native.says() if isinstance(each, Keyed)] == ["5"]
    assert native.landed() == [(CALLER_RTP, each) for each in (rtp(0), rtp(1), key, rtp(3))]


def test_what_was_ready_beside_what_is_handed_back_is_taken(
    native: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One wake-up tells of many sockets."""
    hands = Hands(native, monkeypatch)
    native.send(native.callee, rtp(1), to=1)
    native.caller.hears()
    hands.counts.clear()
    for party, to in ((native.caller, 0), (native.callee, 1)):
        party.rtp.sendto(rtp(2, ssrc=5), ("127.0.0.1", native.node.port(to)))
    native.turn(1.0)

    assert header(native.callee.hears())[2] == FIRST_SEQUENCE + 1
    assert header(native.caller.hears())[2] == FIRST_SEQUENCE + 1
    assert hands.counts == [1, 1]


def test_while_a_prompt_is_played_nothing_is_carried_past_it(native: Stage) -> None:
    """Who hears the notice hears nobody else."""
    native.prompt("notice", 2)
    native.tell(call(native, callee={"playing": order()}))
    native.send(native.caller, rtp(1), to=0)
    native.callee.hears()
    assert native.callee.hears_nothing()
    native.pass_time(0.1)
    native.callee.hears()
    native.send(native.caller, rtp(2), to=0)

    assert header(native.callee.hears())[0], "the party is another source than the prompt"


@pytest.mark.parametrize("behind", range(1, MAX_RUN))
def test_what_lands_goes_on_where_the_ring_begins(native: Stage, behind: int) -> None:
    """The slots behind it are for what is not kept."""
    first, sent = RELAY_SLOTS - behind, [rtp(number) for number in range(1, MAX_RUN + 1)]
    native.ring.head = native.ring.words[TAIL] = first
    native.send(native.caller, *sent, to=0)
    native.turn()
    slots = [(first + number) % RELAY_SLOTS for number in range(MAX_RUN)]

    assert [header(native.callee.hears())[2] for _ in sent] == list(range(1_001, 1_009))
    assert native.ring.head == first + MAX_RUN
    assert [native.ring.datagram(slot, len(rtp(0))) for slot in slots] == sent


def test_a_full_ring_is_python_s_to_tell_of(native: Stage) -> None:
    """What finds no room is sent on, counted with its time, and overwrites nothing."""
    full = RELAY_SLOTS - MAX_RUN + 1
    native.ring.head = full
    native.send(native.caller, rtp(1), rtp(2), to=0)

    assert [header(native.callee.hears())[2] for _ in range(2)] == [1_001, 1_002]
    assert native.ring.head == full
    assert int(native.table.missed[0]) == 2


def test_what_is_not_kept_leaves_the_slots_behind_the_ring_ready(native: Stage) -> None:
    """Else the kernel would take the last name's length for the room that there is."""
    native.tell(call(native, is_landed=False))
    headers = native.ring.headers[RELAY_SLOTS:]
    before = headers.tolist()
    native.send(native.caller, rtp(1), rtp(2), to=0)

    assert [header(native.callee.hears())[2] for _ in range(2)] == [1_001, 1_002]
    assert headers.tolist() == before


def test_a_packet_for_which_the_kernel_has_no_room_is_handed_back_as_it_was(
    native: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python waits for room; the number is used once. A full queue stands for the network's."""
    hands = Hands(native, monkeypatch)
    with full_queue() as (sender, name):
        loop_end = native.relay.roster.memory.by_pair[1]
        loop_end.descriptor, loop_end.target_bytes, loop_end.target[: len(name)] = (
            sender.fileno(),
            len(name),
            name,
        )
        native.send(native.caller, rtp(1), rtp(2), to=0)
    voice = native.relay.roster.by_pair[1].voice

    assert [header(native.callee.hears())[2] for _ in range(2)] == [1_001, 1_002]
    assert hands.counts == [1, 1]
    assert (voice.next_index, voice.packets, voice.failed) == (1_003, 3, 0)


def test_it_waits_no_longer_than_it_is_told(native: Stage) -> None:
    """Prompts and turns have their time; the clock is the machine's."""
    loop = native.relay._loop
    assert isinstance(loop, NativeLoop)
    until_s = time.monotonic() + 0.02

    assert loop.turn(until_s) >= until_s
    assert loop.waited_s > 0


@pytest.mark.parametrize("suite", SUITES)
def test_srtp_in_its_turn_never_comes_into_python_s_hands(
    native: Stage, monkeypatch: pytest.MonkeyPatch, suite: str
) -> None:
    """But for the first packet of a source, which shows its key."""
    hands = Hands(native, monkeypatch)
    if isinstance(native.relay.roster.memory.keys, NoKeys):
        pytest.skip("no libcrypto")
    theirs, ours = SrtpSealer(line(suite), 0), opening(line(suite, 9, "|7:4"))
    native.tell(call(native, {"keys": (line(suite),)}, {"own_key": line(suite, 9, "|7:4")}))
    for index in range(65_530, 65_545):
        native.send(native.caller, theirs.seal(rtp(index, ssrc=8), 8, index), to=0)
    native.turn()
    heard = [ours.open(native.callee.hears()) for _ in range(15)]

    assert [each[12:] for each in heard if each] == [rtp(0)[12:]] * 15
    assert hands.counts == [1]
    assert native.relay.roster.by_pair[0].turn.highest == 65_544


def test_without_libcrypto_srtp_is_python_s(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is clear is carried all the same."""
    monkeypatch.setattr(packet_loops, "keys_of", lambda _: NoKeys())
    with stage_on(node, tmp_path) as stage:
        ours = opening(line(fill=9))
        stage.tell(call(stage, None, {"own_key": line(fill=9)}))
        stage.send(stage.caller, rtp(1), rtp(2), to=0)
        heard = [ours.open(stage.callee.hears()) for _ in range(2)]

    assert [each[12:] for each in heard if each] == [rtp(1)[12:]] * 2


def test_jitter_is_as_python_reckons_it(native: Stage) -> None:
    """From the times of the kernel that lie in the ring; one packet in eight is enough."""
    end, stamps = native.relay.roster.by_pair[0], native.relay.forwarder.ring.stamp_words
    shift = end.hearer.voice.stamp_shift
    for first, stop in ((1, 8), (8, 16), (16, 24)):
        native.send(native.caller, *[rtp(number) for number in range(first, stop)], to=0)
    reckoned = (end.arrivals.jitter, end.arrivals.transit)
    end.arrivals.jitter = end.arrivals.transit = 0.0
    for number in (7, 15, 23):
        end.sample((number * 160 + shift) & 0xFFFFFFFF, stamps, number * STAMP_WORDS)

    assert end.arrivals.jitter > 0
    assert reckoned == (end.arrivals.jitter, end.arrivals.transit)
