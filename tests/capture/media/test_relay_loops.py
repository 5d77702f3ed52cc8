"""Who waits for packets, and takes those that are plain."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.media.relay_calls import RelayEnd
from capture.media.relay_loops import NativeLoop
from capture.media.relay_passing import Run
from capture.media.relay_ring import RELAY_SLOTS
from capture.native.choice import choose_loop
from capture.native.layout import MAX_RUN
from capture.relaying import Keyed
from tests.capture.media.relay_scene import FIRST_SEQUENCE, Stage, call, header, order, stage_on
from tests.capture.media.scene import Node, rtp

CALLER_RTP = 1


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


class Hands:
    """Notes which runs come into Python's hands, and takes them as ever."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runs: list[tuple[int, int]] = []
        take = stage.relay.passing.go_on

        def go_on(end: RelayEnd, run: Run, now_s: float) -> None:
            self.runs.append((run.count, run.done))
            take(end, run, now_s)

        monkeypatch.setattr(stage.relay.passing, "go_on", go_on)


def test_plain_packets_never_come_into_python_s_hands(
    native: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is what it is for."""
    hands = Hands(native, monkeypatch)
    native.send(native.caller, rtp(1), rtp(2), rtp(5), to=0)

    assert [header(native.callee.hears())[2] for _ in range(3)] == [1_001, 1_002, 1_005]
    assert [data for _, data in native.landed()] == [rtp(0), rtp(1), rtp(2), rtp(5)]
    assert hands.runs == []


def test_a_run_is_gone_on_with_from_the_packet_that_is_not_plain(
    native: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each packet is one loop's: none leaves twice, and their order stays."""
    hands = Hands(native, monkeypatch)
    key = rtp(2, b"\x05\x0a\0\0", kind=101)
    native.send(native.caller, rtp(1), key, rtp(3), to=0)

    assert [header(native.callee.hears())[2] for _ in range(3)] == [1_001, 1_002, 1_003]
    assert native.callee.hears_nothing()
    assert hands.runs == [(3, 1)]
    assert [each.digit for each in native.says() if isinstance(each, Keyed)] == ["5"]
    assert native.landed() == [(CALLER_RTP, each) for each in (rtp(0), rtp(1), key, rtp(3))]


def test_what_was_ready_beside_what_is_handed_back_is_taken(
    native: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One wake-up tells of many sockets."""
    hands = Hands(native, monkeypatch)
    native.send(native.callee, rtp(1), to=1)
    native.caller.hears()
    hands.runs.clear()
    for party, to in ((native.caller, 0), (native.callee, 1)):
        party.rtp.sendto(rtp(2, ssrc=5), ("127.0.0.1", native.node.port(to)))
    native.turn(1.0)

    assert header(native.callee.hears())[2] == FIRST_SEQUENCE + 1
    assert header(native.caller.hears())[2] == FIRST_SEQUENCE + 1
    assert hands.runs == [(1, 0), (1, 0)]


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
def test_a_run_ends_where_the_ring_does(native: Stage, behind: int) -> None:
    """The slots behind it are for what is not kept."""
    native.ring.head = RELAY_SLOTS - behind
    native.ring.words[1] = RELAY_SLOTS - behind
    native.send(native.caller, *[rtp(number) for number in range(1, MAX_RUN + 1)], to=0)
    native.turn()

    assert [header(native.callee.hears())[2] for _ in range(MAX_RUN)] == [
        FIRST_SEQUENCE + number for number in range(1, MAX_RUN + 1)
    ]
    assert native.ring.head == RELAY_SLOTS - behind + MAX_RUN


def test_what_is_not_kept_leaves_the_slots_behind_the_ring_ready(native: Stage) -> None:
    """Else the kernel would take the last name's length for the room that there is."""
    native.tell(call(native, is_landed=False))
    for number in range(1, 40):
        native.send(native.caller, rtp(number), to=0)

    assert [header(native.callee.hears())[2] for _ in range(39)] == list(range(1_001, 1_040))


def test_it_waits_no_longer_than_it_is_told(native: Stage) -> None:
    """Prompts and turns have their time; the clock is the machine's."""
    loop = native.relay._loop
    assert isinstance(loop, NativeLoop)
    until_s = time.monotonic() + 0.02

    assert loop.turn(until_s) >= until_s
    assert loop.waited_s > 0
