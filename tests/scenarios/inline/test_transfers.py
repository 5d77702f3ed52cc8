"""Transfers by telephones that nobody here wrote: who talks hears whom, and the recording goes on.

pjsua2 asks; audio is compared at each stage, in the recording as well; tcpdump is the witness.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive.events import CallEnded, ParticipantChanged
from tests.scenarios.hearing import find, hears, spoken, write
from tests.scenarios.inline.kept import AGENT, CUSTOMER, Kept, notice
from tests.scenarios.inline.node import ALICE, BOB, CAROL, Call, Node
from tests.scenarios.inline.people import hear_each_other
from tests.scenarios.inline.test_phone_calls import hears_more
from tests.scenarios.oracle import STAMP_TOLERANCE_US
from tests.scenarios.phones import pjsua
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.test_phones import THIRD_SAYS, needs

pytestmark = pytest.mark.scenario


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
    file = node.server.configuration
    bobs = file.read_text().removeprefix(node.base)
    other = node.route({"name": "carol", "uri": people.carol.uri}, **second)
    file.write_text(file.read_text() + bobs)
    node.server.command("reload")
    return call, other


def handed_on(kept: Kept) -> None:
    """Nobody is missing in the recording, nobody is on another's lane, and each in his time."""
    kept.notice_is_true()
    moved = [each for each in kept.all(ParticipantChanged) if each.what == "transferred"]
    assert len(moved) == 1, moved
    changed = moved[0]
    customer, agent = (kept.audio[:, lane].astype(np.float64) for lane in (CUSTOMER, AGENT))
    alices, bobs, carols = map(spoken, (CUSTOMER_SAYS, AGENT_SAYS, THIRD_SAYS))
    first, second = find(agent, bobs), find(agent, carols)
    assert find(customer, alices)
    assert first
    assert second
    assert first.at_s < second.at_s
    assert not find(agent, alices)
    assert not any(find(customer, other) for other in (bobs, carols, notice()))
    (ended,) = kept.all(CallEnded)
    whole(kept, kept.ports.caller, ALICE, ended.at_us)
    whole(kept, kept.ports.callee, BOB, changed.at_us)
    whole(kept, kept.ports.callee, CAROL, ended.at_us)


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
    assert all(each > -STAMP_TOLERANCE_US for each in missing), f"the end is missing: {missing} µs"


@needs("pjsua")
@pytest.mark.parametrize(
    "stays",
    [
        pytest.param(True, id="waits", marks=pytest.mark.quick),
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
    assert [each.what for each in kept.all(ParticipantChanged)] == ["transferred"]
    # The agent's lane is the caller's.
    lanes = [kept.audio[:, lane].astype(np.float64) for lane in (0, 1)]
    callers = [find(lane, spoken(THIRD_SAYS)) for lane in lanes]
    assert sum(map(bool, callers)) == 1
    whole(kept, kept.ports.callee, BOB, kept.all(CallEnded)[0].at_us)
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
        before = alices.packets()["received"]
        hears_more(alices, before)
        alices.hang_up()
        alices.ended()
        bobs.ended()
    kept = Kept.of(call)
    assert kept.all(ParticipantChanged) == []
    whole(kept, kept.ports.callee, BOB, kept.all(CallEnded)[0].at_us)


@pytest.mark.quick
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
