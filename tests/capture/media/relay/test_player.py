"""Prompts: each packet at its time, the gate in the breath of the last one."""

import errno

import pytest

from capture.links.relay_messages import Latch, Outcome, Place, Played, RelayGone
from capture.media.live import rtp_owner
from capture.media.relay.kernel_addresses import Target
from capture.media.relay.player import AWAITED_S, MAX_TRIES
from tests.capture.media.relay_scene import (
    CALL,
    FIRST_SEQUENCE,
    FIRST_TIMESTAMP,
    SSRC_TO_CALLER,
    Stage,
    call,
    header,
    order,
)
from tests.capture.media.scene import rtp

PACKET_S = 0.02


def played(stage: Stage) -> list[Played]:
    return [each for each in stage.says() if isinstance(each, Played)]


def tell(stage: Stage, *, caller: object = None, callee: object = None, **changes: object) -> None:
    """A call before its notice: not joined, its gate closed."""
    values: dict[str, object] = {"is_joined": False, "gate_us": 0} | changes
    stage.tell(call(stage, {"playing": caller}, {"playing": callee}, **values))


def gates(stage: Stage) -> list[int]:
    return stage.table.gate_us[:2].tolist()


def test_packets_leave_at_their_times(stage: Stage) -> None:
    """Packet k at begin + k × 20 ms, the first one marked, under the party's one voice."""
    prompt = stage.prompt("notice", 3)
    tell(stage, caller=order())
    heard = []
    for _ in range(4):
        heard.append([] if stage.caller.hears_nothing() else [stage.caller.hears()])
        stage.pass_time(PACKET_S)

    assert [len(each) for each in heard] == [1, 1, 1, 0]
    packets = [each for some in heard for each in some]
    assert [header(each) for each in packets] == [
        (k == 0, 0, FIRST_SEQUENCE + k, FIRST_TIMESTAMP + 160 * k, SSRC_TO_CALLER) for k in range(3)
    ]
    assert [each[12:] for each in packets] == list(prompt.frames)


def test_what_was_played_is_told_with_its_evidence(stage: Stage) -> None:
    """From when to when, how much of how much, under which numbers."""
    stage.prompt("notice", 3)
    tell(stage, caller=order())
    began_us = stage.wall_us
    for _ in range(4):
        stage.pass_time(PACKET_S)
    (told,) = played(stage)

    assert told == Played(
        call=CALL, side=told.side, serial=1, outcome=Outcome.COMPLETE, from_us=began_us,
        until_us=began_us + 40_000, packets=3, sent_ms=60, whole_ms=60,
        first_sequence=FIRST_SEQUENCE, gate_us=0,
    )  # fmt: skip


def test_late_packets_leave_at_once_and_none_is_left_out(stage: Stage) -> None:
    """A notice that lacks a word is none."""
    prompt = stage.prompt("notice", 10)
    tell(stage, caller=order())
    stage.pass_time(0.1)
    found = [stage.caller.hears()[12:] for _ in range(6)]

    assert found == list(prompt.frames[:6])
    assert stage.caller.hears_nothing()


def test_what_is_played_lands_in_a_lane_of_its_own(stage: Stage) -> None:
    """Under the pair's number behind the pairs, with our own address."""
    stage.prompt("notice", 2)
    tell(stage, caller=order())
    stage.pass_time(PACKET_S)
    owners = {owner for owner, _ in stage.landed()}

    assert owners == {2 * stage.node.plan.pairs + 1}
    assert [data for _, data in stage.landed()] == [stage.caller.hears() for _ in range(2)]
    port = int.from_bytes(stage.ring.name_rows[0, 2:4].tobytes(), "big")
    assert port == stage.node.port(0)


def test_behind_the_last_packet_gates_open_and_the_parties_are_joined(stage: Stage) -> None:
    """Before anything else is read; signalling need not say a word."""
    stage.prompt("notice", 2)
    tell(stage, caller=order(opens=True))
    stage.send(stage.callee, rtp(1), to=1)
    assert gates(stage) == [0, 0]
    stage.pass_time(PACKET_S)
    assert gates(stage) == [stage.wall_us] * 2
    for _ in range(2):
        stage.caller.hears()
    stage.send(stage.callee, rtp(2), to=1)

    assert header(stage.caller.hears())[:3] == (True, 0, FIRST_SEQUENCE + 2)
    assert played(stage)[0].gate_us == stage.wall_us


def test_the_order_said_again_neither_repeats_nor_parts(stage: Stage) -> None:
    """Signalling may not know yet that it is over, or be another one."""
    stage.prompt("notice", 2)
    tell(stage, caller=order(opens=True))
    stage.pass_time(PACKET_S)
    opened = gates(stage)
    tell(stage, caller=order(opens=True))
    for _ in range(2):
        stage.caller.hears()
    stage.send(stage.callee, rtp(2), to=1)

    assert header(stage.caller.hears())[2] == FIRST_SEQUENCE + 2
    assert gates(stage) == opened
    assert len(played(stage)) == 1


def test_with_notice_the_gate_opens_at_the_first_packet(stage: Stage) -> None:
    """The parties are joined behind the last one all the same."""
    stage.prompt("notice", 2)
    tell(stage, caller=order(opens=True, records=True))
    opened = stage.wall_us
    assert gates(stage) == [opened] * 2
    stage.send(stage.callee, rtp(1), to=1)
    stage.caller.hears()
    assert stage.caller.hears_nothing()
    stage.pass_time(PACKET_S)
    stage.caller.hears()
    stage.send(stage.callee, rtp(2), to=1)

    assert header(stage.caller.hears())[2] == FIRST_SEQUENCE + 2
    assert gates(stage) == [opened] * 2


def test_with_notice_the_first_of_several_prompts_opens_the_gate_and_joins_nobody(
    stage: Stage,
) -> None:
    """Another one follows, or another party is still to hear his; the gate stays where it is."""
    stage.prompt("first", 1)
    stage.prompt("second", 2)
    tell(stage, caller=order(1, "first", records=True))
    opened = stage.wall_us
    assert gates(stage) == [opened] * 2
    stage.pass_time(PACKET_S)
    assert not stage.relay.roster.calls[CALL].is_joined
    tell(stage, caller=order(2, "second", opens=True, records=True))
    stage.pass_time(PACKET_S)
    stage.pass_time(PACKET_S)

    assert stage.relay.roster.calls[CALL].is_joined
    assert gates(stage) == [opened] * 2
    assert [each.gate_us for each in played(stage)] == [opened] * 2


def test_where_both_hear_a_notice_the_longer_one_opens(stage: Stage) -> None:
    """Neither is recorded before it has heard it."""
    stage.prompt("short", 1)
    stage.prompt("long", 3)
    tell(stage, caller=order(1, "short", opens=True), callee=order(2, "long", opens=True))
    stage.pass_time(PACKET_S)
    assert gates(stage) == [0, 0]
    stage.pass_time(PACKET_S)

    assert gates(stage) == [stage.wall_us] * 2
    assert stage.relay.roster.calls[CALL].is_joined


def test_who_hears_a_prompt_does_not_hear_the_other_party(stage: Stage) -> None:
    """And is not kept from being heard."""
    stage.prompt("announcement", 2)
    stage.tell(call(stage, {"playing": order(prompt="announcement")}))
    stage.caller.hears()
    stage.send(stage.callee, rtp(1), to=1)
    stage.send(stage.caller, rtp(1), to=0)

    assert stage.caller.hears_nothing()
    assert header(stage.callee.hears())[2] == FIRST_SEQUENCE
    stage.pass_time(PACKET_S)
    stage.caller.hears()
    stage.send(stage.callee, rtp(2), to=1)
    assert header(stage.caller.hears())[2] == FIRST_SEQUENCE + 2


def test_ringback_goes_on_without_a_seam_until_it_is_taken_away(stage: Stage) -> None:
    """Its numbers run on; taken away it is complete, for it has no end."""
    stage.prompt("ringback", 2)
    tell(stage, caller=order(prompt="ringback", repeats=True))
    stage.pass_time(4 * PACKET_S)
    found = [stage.caller.hears() for _ in range(5)]
    tell(stage)

    assert [each[12] for each in found] == [0, 1, 0, 1, 0]
    assert [header(each)[:3] for each in found] == [
        (k == 0, 0, FIRST_SEQUENCE + k) for k in range(5)
    ]
    assert [each.outcome for each in played(stage)] == [Outcome.COMPLETE]


@pytest.mark.parametrize(
    "change",
    [{"playing": None}, {"playing": "another"}, {"hears": False}, {"places": ()}],
    ids=["taken away", "another one", "on hold", "gone"],
)
def test_what_is_ended_early_is_cut_short(stage: Stage, change: dict[str, object]) -> None:
    """A notice half heard is not heard."""
    for name in ("notice", "another"):
        stage.prompt(name, 5)
    tell(stage, caller=order(opens=True))
    stage.pass_time(PACKET_S)
    if change.get("playing") == "another":
        change = {"playing": order(2, "another")}
    elif "playing" not in change:
        change = {"playing": order(opens=True), **change}
    stage.tell(call(stage, change, is_joined=False, gate_us=0))
    (told,) = played(stage)

    assert (told.outcome, told.packets, told.sent_ms, told.whole_ms) == (
        Outcome.CUT_SHORT, 2, 40, 100,
    )  # fmt: skip
    assert gates(stage) == [0, 0]
    assert not stage.relay.roster.calls[CALL].is_joined


def test_the_same_in_another_codec_is_one_voice_to_the_party(stage: Stage) -> None:
    """Its jitter buffer sees numbers and times that run on (RFC 3550 section 5.1)."""
    for name in ("law-mu", "law-a"):
        stage.prompt(name, 3)
    tell(stage, caller=order(1, "law-mu"))
    heard = [stage.caller.hears()]
    stage.pass_time(PACKET_S)
    heard.append(stage.caller.hears())
    stage.now_s += PACKET_S
    tell(stage, caller=order(2, "law-a", payload_type=8))
    for _ in range(3):
        stage.pass_time(PACKET_S)
    heard += [stage.caller.hears() for _ in range(3)]

    assert [header(each)[1:] for each in heard] == [
        (kind, FIRST_SEQUENCE + k, FIRST_TIMESTAMP + 160 * k, SSRC_TO_CALLER)
        for k, kind in enumerate((0, 0, 8, 8, 8))
    ]
    told = [(each.outcome, each.packets) for each in played(stage)]
    assert told == [(Outcome.CUT_SHORT, 2), (Outcome.COMPLETE, 3)]


def test_a_call_that_ends_cuts_its_prompt_short(stage: Stage) -> None:
    """Signalling knows whether the caller hung up."""
    stage.prompt("notice", 5)
    tell(stage, caller=order())
    stage.tell(RelayGone(call=CALL))

    assert [each.outcome for each in played(stage)] == [Outcome.CUT_SHORT]


@pytest.mark.parametrize(
    "change",
    [{"places": ()}, {"hears": False}, {"clock_hz": 48_000}, {"playing": order(prompt="x")}],
    ids=["no place", "on hold", "another clock", "no such prompt"],
)  # fmt: skip
def test_what_cannot_be_played_has_failed_at_once(stage: Stage, change: dict[str, object]) -> None:
    """Signalling decides what becomes of the call."""
    stage.prompt("notice", 5)
    values = {"playing": order(opens=True)} | change
    stage.tell(call(stage, values, is_joined=False, gate_us=0))
    stage.pass_time(1.0)
    (told,) = played(stage)

    assert (told.outcome, told.packets, told.sent_ms) == (Outcome.FAILED, 0, 0)
    assert gates(stage) == [0, 0]
    assert stage.caller.hears_nothing()


def test_a_successor_goes_on_with_the_packet_that_is_due(stage: Stage) -> None:
    """What was due while nobody was there leaves at once; nothing twice, nothing left out."""
    prompt = stage.prompt("notice", 20)
    tell(stage, caller=order(opens=True))
    stage.pass_time(2 * PACKET_S)
    stage.now_s += 5 * PACKET_S
    stage.begin()
    stage.turn()
    found = [stage.caller.hears() for _ in range(8)]
    assert stage.caller.hears_nothing()
    stage.link = None
    for _ in range(20):
        stage.pass_time(PACKET_S)
    found += [stage.caller.hears() for _ in range(12)]

    assert [each[12:] for each in found] == list(prompt.frames)
    assert [header(each)[2] for each in found] == [FIRST_SEQUENCE + k for k in range(20)]
    assert gates(stage)[0] == gates(stage)[1] > 0


def told_by_a_successor_without_the_prompt(stage: Stage) -> Played:
    """What the next relay says of the notice, whose sound is not there any more."""
    for file in stage.prompts.iterdir():
        file.unlink()
    stage.begin()
    stage.link = None
    tell(stage, caller=order(opens=True))
    (told,) = played(stage)
    return told


def test_a_successor_that_does_not_find_the_prompt_says_how_far_it_came(stage: Stage) -> None:
    """What had left is evidence all the same: the notice was cut short, not never played."""
    stage.prompt("notice", 20)
    tell(stage, caller=order(opens=True))
    began_us = stage.wall_us
    stage.pass_time(2 * PACKET_S)
    told = told_by_a_successor_without_the_prompt(stage)

    assert (told.outcome, told.from_us, told.packets) == (Outcome.CUT_SHORT, began_us, 3)
    assert (told.sent_ms, told.whole_ms) == (60, 400)
    assert (told.until_us, told.first_sequence) == (began_us + 40_000, FIRST_SEQUENCE)
    assert gates(stage) == [0, 0]


def test_the_last_packet_left_when_it_was_due_however_late_the_first_one_was(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is busy at the begin of a notice makes up for it with the next packet."""
    stage.prompt("notice", 20)
    with monkeypatch.context() as busy:
        busy.setattr(stage.relay.player, "play_due", lambda _now_s: None)
        tell(stage, caller=order(opens=True))
    began_us = stage.wall_us
    stage.pass_time(PACKET_S / 4)
    stage.pass_time(2 * PACKET_S)
    told = told_by_a_successor_without_the_prompt(stage)

    assert (told.from_us, told.packets) == (began_us + 5_000, 3)
    assert told.until_us == began_us + 40_000


def test_killed_behind_the_last_packet_a_successor_opens_the_gate(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing before it can slip through, and nothing behind it is lost for long."""
    stage.prompt("notice", 1)

    class Killed(Exception):
        pass

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(stage.relay.player, "_through", die)
    with pytest.raises(Killed):
        tell(stage, caller=order(opens=True))
    assert gates(stage) == [0, 0]
    stage.begin()
    stage.turn()

    assert gates(stage) == [stage.wall_us] * 2
    stage.caller.hears()
    assert stage.caller.hears_nothing()


def test_a_full_ring_does_not_stop_a_notice(stage: Stage) -> None:
    """What is not kept of it is a gap in its lane."""
    stage.prompt("notice", 2)
    stage.ring.head = len(stage.ring.owners)
    tell(stage, caller=order())
    stage.pass_time(PACKET_S)

    assert [stage.caller.hears()[12] for _ in range(2)] == [0, 1]
    assert int(stage.table.missed[stage.node.plan.pairs]) == 2


def test_who_joins_a_recorded_call_is_not_kept_before_he_was_told(stage: Stage) -> None:
    """Only he: the other end lands, and so does what is played."""
    stage.prompt("notice", 2)
    told = {"playing": order(opens=True), "is_hushed": True}
    stage.tell(call(stage, caller=told, is_joined=False, gate_us=1))
    stage.send(stage.caller, rtp(1), to=0)
    stage.send(stage.callee, rtp(2), to=1)
    played_to_caller = rtp_owner(stage.node.plan.pairs)
    assert [owner for owner, _ in stage.landed()] == [played_to_caller, rtp_owner(1)]

    stage.caller.rtp.sendto(rtp(3), (stage.node.plan.rtp_bind, stage.node.port(0)))
    stage.pass_time(PACKET_S)
    stage.pass_time(PACKET_S)
    stage.send(stage.caller, rtp(4), to=0)
    landed = [packet for owner, packet in stage.landed() if owner == rtp_owner(0)]
    assert landed == [rtp(4)]


def test_who_is_hushed_is_not_kept_while_nothing_is_played_to_him(stage: Stage) -> None:
    """He holds. What came before the word is a former party's; behind the next one he is kept."""
    here = (stage.node.plan.rtp_bind, stage.node.port(0))
    stage.tell(call(stage, is_joined=False))
    stage.caller.rtp.sendto(rtp(1), here)
    stage.tell(call(stage, caller={"is_hushed": True, "hears": False}, is_joined=False))
    stage.send(stage.caller, rtp(2), to=0)
    stage.caller.rtp.sendto(rtp(3), here)
    stage.tell(call(stage, is_joined=False))
    stage.send(stage.caller, rtp(4), to=0)

    landed = [packet for owner, packet in stage.landed() if owner == rtp_owner(0)]
    assert landed == [rtp(1), rtp(4)]


class Refusing:
    """A socket that the kernel takes nothing from for some packets."""

    def __init__(self, stage: Stage, *numbers: int) -> None:
        self._numbers, self._sent = numbers, 0
        end = stage.relay.roster.by_pair[0]
        self._socket, end.rtp = end.rtp, self  # type: ignore[assignment]  # as much of one as is used

    def fileno(self) -> int:
        return self._socket.fileno()

    def sendto(self, packet: bytes, target: Target) -> int:
        self._sent += 1
        if self._sent - 1 in self._numbers:
            raise OSError(errno.ENOBUFS, "no room")
        return self._socket.sendto(packet, target)


@pytest.mark.parametrize("records", [False, True])
@pytest.mark.parametrize(
    ("refused", "outcome"), [((1,), Outcome.CUT_SHORT), ((0, 1, 2), Outcome.FAILED)]
)
def test_what_the_kernel_refuses_was_not_sent(
    stage: Stage, refused: tuple[int, ...], outcome: Outcome, records: bool
) -> None:
    """Nobody is joined by a notice that lacks a word, and the lane has what has left."""
    stage.prompt("notice", 3)
    tell(stage)
    Refusing(stage, *refused)
    tell(stage, caller=order(opens=True, records=records))
    for _ in range(4):
        stage.pass_time(PACKET_S)
    (told,) = played(stage)

    left = 3 - len(refused)
    assert (told.outcome, told.packets, told.sent_ms) == (outcome, left, 20 * left)
    assert (told.refused, told.first_sequence) == (len(refused), FIRST_SEQUENCE)
    assert not stage.relay.roster.calls[CALL].is_joined
    assert (gates(stage) != [0, 0]) == (records and left > 0)
    lane = rtp_owner(stage.node.plan.pairs)
    assert [owner for owner, _ in stage.landed()] == [lane] * left


def test_a_successor_knows_what_the_kernel_has_refused(stage: Stage) -> None:
    """It goes on with the notice, which stays cut short."""
    stage.prompt("notice", 3)
    tell(stage)
    Refusing(stage, 1)
    tell(stage, caller=order(opens=True))
    stage.pass_time(PACKET_S)
    stage.begin()
    stage.link = None
    stage.pass_time(PACKET_S)
    stage.pass_time(PACKET_S)
    (told,) = played(stage)

    assert (told.outcome, told.packets, told.refused) == (Outcome.CUT_SHORT, 2, 1)


def rings(stage: Stage, **changes: object) -> None:
    """A caller hears ringback, and may hear what a callee says before its answer."""
    stage.prompt("ringback", 50)
    tone = order(prompt="ringback", repeats=True, **({"yields": True} | changes))
    tell(stage, caller=tone, is_joined=True, gate_us=1)
    stage.caller.hears()


def test_ringback_gives_way_to_what_the_callee_says_before_its_answer(stage: Stage) -> None:
    """At its third packet, which is heard; signalling hears that the tone is over."""
    rings(stage)
    stage.send(stage.callee, rtp(1), rtp(2), to=1)
    assert stage.caller.hears_nothing()
    stage.send(stage.callee, rtp(3), rtp(4), to=1)
    heard = [header(stage.caller.hears()) for _ in range(2)]
    stage.pass_time(1.0)

    assert [(marked, number) for marked, _, number, _, _ in heard] == [
        (True, FIRST_SEQUENCE + 1), (False, FIRST_SEQUENCE + 2)
    ]  # fmt: skip
    assert stage.caller.hears_nothing()
    assert [(each.serial, each.outcome) for each in played(stage)] == [(1, Outcome.COMPLETE)]


def test_packets_at_one_calls_ringback_do_not_end_the_next_calls(stage: Stage) -> None:
    """Calls that follow each other on one pair of ports number what they play alike."""
    rings(stage)
    stage.send(stage.callee, rtp(1), rtp(2), to=1)
    tone = order(prompt="ringback", repeats=True, yields=True)
    stage.tell(call(stage, {"playing": tone}, call=b"d" * 16))
    stage.caller.hears()
    stage.send(stage.callee, rtp(3), rtp(4), to=1)

    assert stage.caller.hears_nothing()


def noise(number: int) -> bytes:
    """Comfort noise (RFC 3389)."""
    packet = bytearray(rtp(number))
    packet[1] = 13
    return bytes(packet)


def test_comfort_noise_ends_no_ringback(stage: Stage) -> None:
    """Nothing is said by it."""
    rings(stage)
    stage.send(stage.callee, *(noise(number) for number in range(1, 6)), to=1)

    assert stage.caller.hears_nothing()
    assert played(stage) == []


def test_only_what_yields_gives_way_and_only_to_who_may_be_heard(stage: Stage) -> None:
    """A notice does not; nor does ringback where both are not to hear each other."""
    stage.prompt("notice", 50)
    tell(stage, caller=order(), is_joined=True, gate_us=1)
    stage.caller.hears()
    stage.send(stage.callee, *(rtp(number) for number in range(1, 6)), to=1)
    tell(stage, caller=order(2, repeats=True, yields=True))
    stage.caller.hears()
    stage.send(stage.callee, *(rtp(number) for number in range(6, 11)), to=1)

    assert stage.caller.hears_nothing()
    assert [each.serial for each in played(stage)] == [1]


# The kernel takes nothing for this address (EINVAL), as for a private one that no route leads to.
NOWHERE = Place("240.0.0.1", 4_000)


def awaits(stage: Stage, *, place: Place | None = None, **changes: object) -> None:
    """A notice for a caller behind an address translator, of whom nothing has come."""
    caller: dict[str, object] = {"latch": Latch.NAT, "playing": order(**changes)}
    if place is not None:
        caller["places"] = (place,)
    stage.tell(call(stage, caller, is_joined=False, gate_us=0))


def speaks(stage: Stage) -> None:
    """So much of the caller that he is heard."""
    stage.send(stage.caller, *(rtp(number) for number in range(1, 5)), to=0)


def test_a_prompt_begins_as_soon_as_who_is_awaited_is_heard(stage: Stage) -> None:
    """Nobody knows before where an address translator has put him; not a word of it is lost."""
    prompt = stage.prompt("notice", 3)
    awaits(stage)
    stage.pass_time(0.3)
    assert stage.caller.hears_nothing()
    speaks(stage)
    for _ in range(4):
        stage.pass_time(PACKET_S)
    (told,) = played(stage)

    assert [stage.caller.hears()[12:] for _ in range(3)] == list(prompt.frames)
    assert (told.outcome, told.packets, told.refused) == (Outcome.COMPLETE, 3, 0)


def test_who_says_nothing_is_told_where_his_description_says(stage: Stage) -> None:
    """A telephone that listens only is not behind a translator, or has one that helps."""
    stage.prompt("notice", 2)
    awaits(stage)
    stage.pass_time(AWAITED_S - 0.01)
    assert stage.caller.hears_nothing()
    stage.pass_time(0.01)
    assert header(stage.caller.hears())[0]
    stage.pass_time(PACKET_S)

    assert [each.outcome for each in played(stage)] == [Outcome.COMPLETE]


def test_an_address_that_the_kernel_refuses_costs_no_notice(stage: Stage) -> None:
    """What was refused was not said: it is said whole, once it is known to where."""
    prompt = stage.prompt("notice", 3)
    awaits(stage, place=NOWHERE, opens=True)
    for _ in range(3):
        stage.pass_time(AWAITED_S)
    assert played(stage) == []
    speaks(stage)
    for _ in range(4):
        stage.pass_time(PACKET_S)
    (told,) = played(stage)

    heard = [stage.caller.hears() for _ in range(3)]
    assert [each[12:] for each in heard] == list(prompt.frames)
    assert told.first_sequence == header(heard[0])[2]
    assert (told.outcome, told.packets, told.refused) == (Outcome.COMPLETE, 3, 0)
    lane = rtp_owner(stage.node.plan.pairs)
    assert [data for owner, data in stage.landed() if owner == lane] == heard
    assert stage.relay.roster.calls[CALL].is_joined


def test_who_is_never_heard_where_nothing_can_be_sent_was_not_told(stage: Stage) -> None:
    """After eight seconds; signalling decides what follows."""
    stage.prompt("notice", 3)
    awaits(stage, place=NOWHERE)
    for _ in range(MAX_TRIES - 1):
        stage.pass_time(AWAITED_S)
    assert played(stage) == []
    stage.pass_time(AWAITED_S)
    (told,) = played(stage)

    assert (told.outcome, told.packets, told.sent_ms) == (Outcome.FAILED, 0, 0)
    assert [data for owner, data in stage.landed()] == []


def test_a_successor_waits_on_for_who_is_awaited(stage: Stage) -> None:
    """The notice is whole there as well."""
    prompt = stage.prompt("notice", 2)
    awaits(stage, place=NOWHERE)
    stage.pass_time(AWAITED_S)
    stage.begin()
    stage.link = None
    stage.pass_time(PACKET_S)
    speaks(stage)
    stage.pass_time(PACKET_S)
    stage.pass_time(PACKET_S)
    (told,) = played(stage)

    assert [stage.caller.hears()[12:] for _ in range(2)] == list(prompt.frames)
    assert (told.outcome, told.packets, told.refused) == (Outcome.COMPLETE, 2, 0)


class Killed(Exception):
    """A relay is, at that very step."""


@pytest.mark.parametrize("frames", [1, 3])
def test_a_relay_that_is_killed_behind_the_first_packet_leaves_the_gate_to_its_successor(
    stage: Stage, frames: int
) -> None:
    """The notice has begun: what is said is kept from then on, at most from its next packet."""
    stage.prompt("notice", frames)
    tell(stage)

    def killed(*_: object) -> None:
        raise Killed

    stage.relay.player._left = killed  # type: ignore[method-assign]
    with pytest.raises(Killed):
        tell(stage, caller=order(opens=True, records=True))
    assert gates(stage) == [0, 0]
    stage.begin()
    stage.link = None
    stage.pass_time(PACKET_S)
    opened_us = stage.wall_us
    for _ in range(frames):
        stage.pass_time(PACKET_S)
    (told,) = played(stage)

    assert gates(stage) == [opened_us] * 2
    assert (told.outcome, told.packets, told.gate_us) == (Outcome.COMPLETE, frames, opened_us)
