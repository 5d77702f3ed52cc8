"""Transfers by telephones that nobody here wrote: who talks hears whom, and the recording goes on.

pjsua2 asks; audio is compared at each stage, in the recording as well; tcpdump is the witness.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from archive.call.events import CallEnded, NoticePlayed, ParticipantChanged
from tests.scenarios.hearing import Signal, find, hears, read, spoken, write
from tests.scenarios.inline.kept import AGENT, CUSTOMER, Kept, notice
from tests.scenarios.inline.node import ALICE, BOB, CAROL, Call, Node
from tests.scenarios.inline.people import LONG_ENOUGH_S, hear_each_other, hears_anew
from tests.scenarios.oracle import STAMP_TOLERANCE_US
from tests.scenarios.phones import pjsua
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.support.scenarios.phones import THIRD_SAYS, needs

pytestmark = pytest.mark.scenario
# Packets of a second.
MANY: Final = 50


@dataclass(frozen=True, slots=True)
class Three:
    """Alice, Bob, whom she calls, and Carol, to whom she is handed on."""

    alice: pjsua.Phone
    bob: pjsua.Phone
    carol: pjsua.Phone


@contextmanager
def three(folder: Path, *, carol_answers: bool = True, **kind: Any) -> Iterator[Three]:
    """Each with something to say; `kind` is of Carol's phone."""
    alice, bob, carol = (
        pjsua.Settings(user=user, host=host, says=write(said, folder), **more)
        for user, host, said, more in (
            ("alice", ALICE, CUSTOMER_SAYS, {}),
            ("bob", BOB, AGENT_SAYS, {"answers": True}),
            ("carol", CAROL, THIRD_SAYS, {"answers": carol_answers, **kind}),
        )
    )
    with (
        pjsua.phone(folder, alice) as first,
        pjsua.phone(folder, bob) as second,
        pjsua.phone(folder, carol) as third,
    ):
        yield Three(first, second, third)


def talking(people: Three, call: Call) -> tuple[pjsua.Call, pjsua.Call]:
    """Alice has been told that she is recorded, and hears Bob, and he hears her."""
    alices = people.alice.call(call.uri)
    alices.talks()
    bobs = people.bob.rung()
    bobs.talks()
    hear_each_other(alices.heard, bobs.heard)
    return alices, bobs


def both_routes(node: Node, people: Three, **second: Any) -> tuple[Call, Call]:
    """A number that is Bob's, and one that is Carol's."""
    call = node.route({"name": "bob", "uri": people.bob.uri})
    other = node.route({"name": "carol", "uri": people.carol.uri}, beside=True, **second)
    return call, other


def handed_on(kept: Kept) -> None:
    """Nobody is missing in the recording, nobody is on another's lane, and each in his time."""
    kept.notice_is_true()
    moved = [each for each in kept.all(ParticipantChanged) if each.what == "transferred"]
    assert len(moved) == 1, moved
    changed = moved[0]
    customer, agent = (kept.audio[:, lane].astype(np.float64) for lane in (CUSTOMER, AGENT))
    alices, bobs, carols = map(spoken, (CUSTOMER_SAYS, AGENT_SAYS, THIRD_SAYS))
    assert find(customer, alices)
    in_order(agent, bobs, carols)
    assert not find(agent, alices)
    assert not any(find(customer, other) for other in (bobs, carols, notice()))
    (ended,) = kept.all(CallEnded)
    whole(kept, kept.ports.caller, ALICE, ended.at_us)
    whole(kept, kept.ports.callee, BOB, changed.at_us)
    whole(kept, kept.ports.callee, CAROL, ended.at_us)


def in_order(lane: Signal, first: Signal, second: Signal) -> None:
    """Both are on this lane, one behind the other."""
    earlier, later = find(lane, first), find(lane, second)
    assert earlier
    assert later
    assert earlier.at_s < later.at_s


def whole(kept: Kept, port: int, host: str, until_us: int) -> None:
    """What this party sent is in the file from its first packet there on, without a hole."""
    ours, came = (
        [each for each in seen if each.source.host == host]
        for seen in (kept.received(port), kept.arrived(port))
    )
    assert ours, "nothing is kept, which proves nothing"
    sent, run = [each.payload for each in came], [each.payload for each in ours]
    first = next((n for n in range(len(sent)) if sent[n : n + len(run)] == run), None)
    assert first is not None, f"what is kept of {host} is not what came"
    missing = [d.at_us - until_us for d in came[first + len(run) :] if d.at_us < until_us]
    # Of what ends it no packet has the time, but the process that lets go of the port.
    tolerance = 5 * STAMP_TOLERANCE_US
    assert all(each > -tolerance for each in missing), f"the end is missing: {missing} µs"


@needs("pjsua")
@pytest.mark.parametrize(
    "stays",
    [
        pytest.param(True, id="waits"),
        pytest.param(False, id="hangs up at once"),
    ],
)
def test_a_blind_transfer_is_heard_and_kept_through(
    node: Node, tmp_path: Path, stays: bool
) -> None:
    """Bob has Carol called in his place; whether he waits for her or not."""
    with three(tmp_path, carol_answers=stays) as people:
        call = node.route(people.bob.uri, people.carol.uri)
        alices, bobs = talking(people, call)
        bobs.transfer(people.carol.uri)
        carols = people.carol.rung()
        if stays:
            bobs.transferred()
        else:
            bobs.hang_up()
            carols.answer()
        bobs.ended()
        carols.talks()
        hears(alices.heard, THIRD_SAYS)
        hears(carols.heard, CUSTOMER_SAYS)
        alices.hang_up()
        alices.ended()
        carols.ended()
    handed_on(Kept.of(call))


@needs("pjsua")
def test_a_caller_hands_the_callee_on(node: Node, tmp_path: Path) -> None:
    """An agent has called out; the customer talks on with the agent's colleague."""
    with three(tmp_path) as people:
        call = node.route(people.bob.uri, people.carol.uri, direction="outbound")
        alices, bobs = talking(people, call)
        alices.transfer(people.carol.uri)
        alices.transferred()
        alices.ended()
        carols = people.carol.rung()
        carols.talks()
        hears(bobs.heard, THIRD_SAYS)
        hears(carols.heard, AGENT_SAYS)
        bobs.hang_up()
        bobs.ended()
        carols.ended()
    kept = Kept.of(call)
    # Who takes the caller's place is told as he was.
    told = [(said.to, said.outcome) for said in kept.all(NoticePlayed)]
    assert told == [("caller", "complete")] * 2
    (changed,) = kept.all(ParticipantChanged)
    assert changed.what == "transferred"
    # On a call to outside the agent's lane is the caller's.
    customer, agent = (kept.audio[:, lane].astype(np.float64) for lane in (CUSTOMER, AGENT))
    alices, bobs, carols = map(spoken, (CUSTOMER_SAYS, AGENT_SAYS, THIRD_SAYS))
    in_order(agent, alices, carols)
    assert find(customer, bobs)
    assert not any(find(customer, other) for other in (alices, carols, notice()))
    assert not any(find(agent, other) for other in (bobs, notice()))
    whole(kept, kept.ports.callee, BOB, kept.all(CallEnded)[0].at_us)
    whole(kept, kept.ports.caller, ALICE, changed.at_us)
    whole(kept, kept.ports.caller, CAROL, kept.all(CallEnded)[0].at_us)


@needs("pjsua")
def test_a_transfer_that_nobody_takes_leaves_both_talking(node: Node, tmp_path: Path) -> None:
    """Carol is busy; Bob hears so, and Alice hears Bob."""
    with three(tmp_path, carol_answers=False) as people:
        call = node.route(people.bob.uri, people.carol.uri)
        alices, bobs = talking(people, call)
        bobs.transfer(people.carol.uri)
        people.carol.rung().answer(486)
        bobs.transferred(486)
        hears_anew([(alices.heard, AGENT_SAYS), (bobs.heard, CUSTOMER_SAYS)])
        alices.hang_up()
        alices.ended()
        bobs.ended()
    kept = Kept.of(call)
    assert kept.all(ParticipantChanged) == []
    kept.notice_is_true()
    whole(kept, kept.ports.caller, ALICE, kept.all(CallEnded)[0].at_us)
    whole(kept, kept.ports.callee, BOB, kept.all(CallEnded)[0].at_us)


@needs("pjsua")
def test_nothing_of_a_newcomer_is_kept_before_his_notice_is_through(
    node: Node, tmp_path: Path
) -> None:
    """His route tells him; he speaks from his answer on, and what is opened has none of that."""
    with three(tmp_path) as people:
        call = node.route(people.bob.uri, people.carol.uri, notice_to="callee")
        alices = people.alice.call(call.uri)
        bobs = people.bob.rung()
        hears(alices.heard, AGENT_SAYS, within_s=LONG_ENOUGH_S)
        bobs.transfer(people.carol.uri)
        bobs.transferred()
        bobs.ended()
        carols = people.carol.rung()
        hears(alices.heard, THIRD_SAYS, within_s=LONG_ENOUGH_S)
        alices.hang_up()
        alices.ended()
        heard = carols.ended()
    kept = Kept.of(call)
    assert heard is not None
    assert find(read(heard), notice())
    his = [said for said in kept.all(NoticePlayed) if said.to == "callee"][1]
    assert his.outcome == "complete"
    came, ours = (
        [each.at_us for each in seen if each.source.host == CAROL]
        for seen in (kept.arrived(kept.ports.callee), kept.received(kept.ports.callee))
    )
    assert len([at_us for at_us in came if at_us < his.until_us]) > MANY
    assert min(ours) >= his.until_us - STAMP_TOLERANCE_US
    whole(kept, kept.ports.callee, CAROL, kept.all(CallEnded)[0].at_us)


@needs("pjsua")
def test_an_attended_transfer_is_heard_and_kept_through(node: Node, tmp_path: Path) -> None:
    """Bob has asked Carol first, in a call of his own through the node: two calls become one."""
    with three(tmp_path) as people:
        call, consulting = both_routes(node, people, notice=[], direction="internal")
        alices, bobs = talking(people, call)
        bobs.hold()
        asking = people.bob.call(consulting.uri)
        asking.talks()
        carols = people.carol.rung()
        carols.talks()
        hears(asking.heard, THIRD_SAYS)
        hears(carols.heard, AGENT_SAYS)
        bobs.join(asking)
        bobs.transferred()
        asking.ended()
        bobs.ended()
        hears(alices.heard, THIRD_SAYS)
        hears(carols.heard, CUSTOMER_SAYS)
        alices.hang_up()
        alices.ended()
        carols.ended()
    kept = Kept.of(call)
    handed_on(kept)
    rows = consulting.found()
    assert len(rows) == 2
    assert len({each.row["call"] for each in rows}) == 1
