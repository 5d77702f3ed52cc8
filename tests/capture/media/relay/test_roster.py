"""The calls of a relay: said again, let go of, taken over."""

import gc

import pytest

from capture.holder import kernel
from capture.holder.client import HolderUnreachable
from capture.links.framed_messages import framed
from capture.links.relay_messages import (
    Latched,
    LetGo,
    NoSockets,
    Played,
    RelayEverything,
    RelayGone,
    RelayHello,
)
from capture.media.relay.latch import FORK_SILENT_S
from capture.media.relay.live_calls import RESTLESS_S, LiveCall, RelayEnd
from capture.media.relay.pair_sockets import PairSockets, RelaySockets
from capture.media.relay.worker import ROUND_S, TURNS_A_ROUND
from capture.signalling.garbage_collector import undisturbed
from tests.capture.media import scene
from tests.capture.media.relay_scene import CALL, FIRST_SEQUENCE, Stage, call, header, order
from tests.capture.media.scene import rtp


def test_a_latch_is_told_when_it_is_made(stage: Stage) -> None:
    """Signalling shows it, and knows that media flows."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(1), rtp(2), to=0)
    told = [each for each in stage.says() if isinstance(each, Latched)]

    assert [(each.side, each.place, each.at_us) for each in told] == [
        (0, stage.caller.place, stage.wall_us)
    ]


def test_of_a_fork_the_one_that_sends_is_heard_and_sent_to(stage: Stage) -> None:
    """Where several do, one until it is silent: what the others send is neither heard nor kept."""
    other = stage.party()
    places = (stage.callee.place, other.place)
    stage.tell(call(stage, None, {"places": places}))
    for number in range(3):
        stage.send(stage.callee, rtp(number, ssrc=5), to=1)
        stage.send(other, rtp(number, ssrc=6), to=1)
    assert [header(stage.caller.hears())[:3] for _ in range(3)] == [
        (True, 0, 1_000), (False, 0, 1_001), (False, 0, 1_002),
    ]  # fmt: skip
    assert stage.caller.hears_nothing()
    stage.now_s += FORK_SILENT_S
    stage.send(other, rtp(3, ssrc=6), to=1)
    stage.send(stage.caller, rtp(1), to=0)

    assert stage.callee.hears_nothing()
    assert header(other.hears())[2] == FIRST_SEQUENCE
    assert header(stage.caller.hears())[:3] == (True, 0, 1_003)


def test_a_call_said_again_changes_nothing(stage: Stage) -> None:
    """Each command is the whole of what is wanted."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(1), to=0)
    stage.tell(call(stage), call(stage))
    stage.send(stage.caller, rtp(2), to=0)

    assert [header(stage.callee.hears())[:3] for _ in range(2)] == [
        (True, 0, FIRST_SEQUENCE), (False, 0, FIRST_SEQUENCE + 1),
    ]  # fmt: skip


def test_a_call_that_is_gone_is_neither_heard_nor_kept(stage: Stage) -> None:
    """Its sockets are deaf, and a successor finds nothing."""
    stage.tell(call(stage))
    assert len(list(stage.table.kept())) == 1
    stage.tell(RelayGone(call=CALL), RelayGone(call=b"unknown"))
    stage.caller.rtp.sendto(rtp(1), (scene.LOOPBACK, stage.node.port(0)))
    stage.turn()

    assert stage.ring.head == 0
    assert list(stage.table.kept()) == []
    assert stage.relay.roster.calls == {}
    held = stage.node.holder.names["rtp-0"][0]
    kernel._set_option(held, kernel.SO_DETACH_FILTER, b"\0\0\0\0", 4)  # there was one


def test_a_call_that_is_gone_leaves_nothing_for_the_collector(stage: Stage) -> None:
    """It looks only at what is young, and a call is old when it ends: nobody would free it."""
    stage.prompt("notice", 2)
    stage.tell(call(stage, None, {"playing": order(opens=True)}))
    stage.send(stage.caller, rtp(1), to=0)
    stage.pass_time(1.0)
    gc.collect()
    with undisturbed():
        stage.tell(RelayGone(call=CALL))
        for _ in range(2 * TURNS_A_ROUND):  # until it is in nobody's turn any more
            stage.pass_time(ROUND_S)

        assert [each for each in gc.get_objects() if isinstance(each, LiveCall | RelayEnd)] == []


def test_what_came_before_the_end_is_still_the_calls(stage: Stage) -> None:
    """The last word comes while the relay reads the order to hear no more."""
    stage.tell(call(stage))
    assert stage.link is not None
    stage.link.sendall(framed(RelayGone(call=CALL)))
    ready = stage.relay.roster.epoll.poll(0)
    stage.caller.rtp.sendto(rtp(1), (scene.LOOPBACK, stage.node.port(0)))
    stage.relay.step(ready, stage.now_s)

    assert stage.ring.head == 1
    assert stage.callee.hears()[12:] == rtp(1)[12:]
    assert stage.relay.roster.calls == {}


def test_a_gate_is_closed_until_somebody_opens_it(stage: Stage) -> None:
    """Signalling's word, or the notice."""
    stage.tell(call(stage, gate_us=0))
    assert stage.table.gate_us[:2].tolist() == [0, 0]
    stage.tell(call(stage, gate_us=77))
    stage.tell(call(stage, gate_us=0))

    assert stage.table.gate_us[:2].tolist() == [77, 77]


def test_the_next_call_of_a_pair_has_its_own_gate(stage: Stage) -> None:
    """And its own begin, before which nothing is its."""
    stage.tell(call(stage, gate_us=77))
    stage.tell(RelayGone(call=CALL))
    stage.pass_time(1.0)
    stage.tell(call(stage, gate_us=0, call=b"d" * 16))

    assert stage.table.gate_us[:2].tolist() == [0, 0]
    assert set(stage.table.began_us[[0, 1, 4, 5]].tolist()) == {stage.wall_us}


def test_what_signalling_does_not_name_is_over(stage: Stage) -> None:
    """It ended while one of us was away."""
    stage.tell(call(stage), RelayEverything())
    assert list(stage.relay.roster.calls) == [CALL]
    assert stage.link is not None
    stage.link.close()
    stage.link = None
    stage.turn()
    stage.connect()
    stage.tell(call(stage, {"pair": 2}, {"pair": 3}, call=b"d" * 16), RelayEverything())

    assert list(stage.relay.roster.calls) == [b"d" * 16]


def test_media_goes_on_while_signalling_is_away(stage: Stage) -> None:
    """And it is told again what it may have missed."""
    stage.prompt("notice", 1)
    stage.tell(call(stage, {"playing": order()}))
    assert stage.link is not None
    stage.link.close()
    stage.link = None
    stage.turn()
    stage.send(stage.caller, rtp(1), to=0)
    assert header(stage.callee.hears())[2] == FIRST_SEQUENCE
    told = stage.says()

    assert isinstance(told[0], RelayHello)
    assert Played in map(type, told)


def test_a_successor_goes_on_before_anybody_speaks_to_it(stage: Stage) -> None:
    """With the same numbers, and whom it hears."""
    behind = stage.party()
    stage.tell(call(stage, {"latch": "nat", "places": (("127.0.0.1", 9),)}))
    stage.send(behind, *[rtp(n) for n in range(5)], to=0)
    stage.link, successor = None, stage.begin()
    stage.send(behind, rtp(5), to=0)
    stage.send(stage.callee, rtp(1), to=1)

    assert [header(stage.callee.hears())[:3] for _ in range(3)] == [
        (True, 0, 1_000), (False, 0, 1_001), (False, 0, 1_002),
    ]  # fmt: skip
    assert header(behind.hears())[2] == FIRST_SEQUENCE
    assert list(successor.roster.calls) == [CALL]


def test_a_successor_keeps_the_gate_that_was_opened(stage: Stage) -> None:
    """Also where signalling had said that the relay opens it."""
    stage.prompt("notice", 1)
    values = {"is_joined": False, "gate_us": 0}
    stage.tell(call(stage, {"playing": order(opens=True)}, **values))
    opened = stage.table.gate_us[:2].tolist()
    stage.begin()
    stage.send(stage.callee, rtp(1), to=1)
    stage.caller.hears()

    assert stage.table.gate_us[:2].tolist() == opened
    assert header(stage.caller.hears())[2] == FIRST_SEQUENCE + 1


def test_a_new_source_behind_a_kill_follows_what_was_sent(stage: Stage) -> None:
    """By one in sequence, by the time that passed in timestamp."""
    stage.tell(call(stage))
    stage.send(stage.caller, *[rtp(n) for n in range(3)], to=0)
    before = [header(stage.callee.hears()) for _ in range(3)][-1]
    stage.now_s += 0.5
    stage.begin()
    stage.send(stage.caller, rtp(900, ssrc=44), to=0)
    after = header(stage.callee.hears())

    assert after[2] == before[2] + 1
    assert 0 < after[3] - before[3] <= 4_000


def test_sources_that_alternate_are_written_down_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with each packet; once they have settled, once more."""
    stage.tell(call(stage))
    written: list[int] = []
    keep = stage.relay.roster.keep

    def counted(live: LiveCall) -> None:
        written.append(1)
        keep(live)

    monkeypatch.setattr(stage.relay.roster, "keep", counted)
    for number in range(20):
        stage.send(stage.caller, rtp(number, ssrc=7 + number % 2), to=0)
    assert len(written) <= 4
    written.clear()
    for _ in range(2 * TURNS_A_ROUND):
        stage.pass_time(ROUND_S / TURNS_A_ROUND + RESTLESS_S / TURNS_A_ROUND)

    assert len(written) == 1


def test_a_successor_of_alternating_sources_repeats_no_number(stage: Stage) -> None:
    """What was written of either is stale by then: whichever comes first begins anew."""
    stage.tell(call(stage))
    for number in range(20):
        stage.send(stage.caller, rtp(number, ssrc=7 + number % 2), to=0)
    heard = [header(stage.callee.hears())[2] for _ in range(20)]
    stage.begin()
    stage.send(stage.caller, rtp(21, ssrc=8), rtp(22, ssrc=8), rtp(30, ssrc=7), to=0)
    heard += [header(stage.callee.hears())[2] for _ in range(3)]

    assert heard == [FIRST_SEQUENCE + number for number in range(23)]


def test_what_cannot_be_read_in_the_table_is_let_go_of(stage: Stage) -> None:
    """One broken cell is not the end of all calls."""
    stage.tell(call(stage))
    stage.table.keep(2, b"?")
    successor = stage.begin()

    assert list(successor.roster.calls) == [CALL]
    assert len(list(stage.table.kept())) == 1


@pytest.mark.parametrize(
    "error", [OSError(24, "too many"), LookupError(), HolderUnreachable("gone")]
)
def test_a_call_whose_sockets_are_not_to_be_had_is_refused_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Nothing is left of it, and it can be had once they are there; other calls notice nothing."""
    opens = RelaySockets.open

    def fail(self: RelaySockets, pair: int) -> PairSockets:
        if pair == 3:
            raise error
        return opens(self, pair)

    stage.tell(call(stage))
    monkeypatch.setattr(RelaySockets, "open", fail)
    refused = call(stage, {"pair": 2}, {"pair": 3}, call=b"d" * 16)
    stage.tell(refused)
    stage.caller.rtp.sendto(rtp(9), (scene.LOOPBACK, stage.node.port(2)))
    stage.send(stage.caller, rtp(1), to=0)

    assert header(stage.callee.hears())[2] == FIRST_SEQUENCE
    assert [each for each in stage.says() if isinstance(each, NoSockets)] == [
        NoSockets(call=b"d" * 16)
    ]
    assert list(stage.relay.roster.calls) == [CALL]
    assert sorted(stage.relay.roster.by_pair) == [0, 1]
    assert [data for _, data in stage.landed()] == [rtp(1)]
    monkeypatch.undo()
    stage.tell(refused)
    assert len(stage.relay.roster.calls) == 2
    assert stage.landed() == [(1, rtp(1))]


def test_a_successor_goes_on_without_a_call_whose_sockets_are_not_to_be_had(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would meet the same call again and again."""
    stage.tell(call(stage), call(stage, {"pair": 2}, {"pair": 3}, call=b"d" * 16))
    opens = RelaySockets.open

    def fail(self: RelaySockets, pair: int) -> PairSockets:
        if pair == 1:
            raise OSError(9, "bad")
        return opens(self, pair)

    monkeypatch.setattr(RelaySockets, "open", fail)
    successor = stage.begin()

    assert list(successor.roster.calls) == [b"d" * 16]
    assert len(list(stage.table.kept())) == 1


def test_a_pair_that_another_call_has_goes_to_the_new_one(stage: Stage) -> None:
    """We were not told that the former is over."""
    stage.tell(call(stage))
    stage.tell(call(stage, call=b"d" * 16))
    stage.send(stage.caller, rtp(1), to=0)

    assert list(stage.relay.roster.calls) == [b"d" * 16]
    assert header(stage.callee.hears())[2] == FIRST_SEQUENCE


def test_the_end_of_a_call_is_told_behind_all_that_was_told_of_it(stage: Stage) -> None:
    """Its recording ends on that: what lay in the sockets has landed, what was played is told.

    Of a call that is not known too: a predecessor may have let go of it.
    """
    stage.prompt("notice", 9)
    stage.tell(call(stage, caller={"playing": order()}, is_joined=False))
    stage.callee.rtp.sendto(rtp(5), (stage.node.plan.rtp_bind, stage.node.port(1)))
    stage.tell(RelayGone(call=CALL), RelayGone(call=b"unknown"))
    told = [each for each in stage.says() if isinstance(each, Played | LetGo)]

    assert [type(each) for each in told] == [Played, LetGo, LetGo]
    assert rtp(5) in [packet for _, packet in stage.landed()]
