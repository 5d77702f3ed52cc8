"""A PJSIP telephone hears the notice: as caller and as callee, in every mode, in every codec order.

It takes the first format of the answer and throws away all else, so what it has heard, correlated
with the notice's sound, is the proof; that it was sent is none.
"""

import json
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from archive.call.events import NoticePlayed
from archive.call.notices import notices_in
from tests.scenarios.hearing import RATE, find, hears, read
from tests.scenarios.inline.kept import Kept, notice
from tests.scenarios.inline.node import ALICE, BOB, PASSWORD, USER, Node
from tests.scenarios.inline.telephones import file_of, two
from tests.scenarios.inline.voice import voice
from tests.scenarios.phones import pjsua, sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import until
from tests.support.scenarios.phones import needs

pytestmark = pytest.mark.scenario
LONG_S: Final = 20.0
MODES: Final[dict[str, tuple[dict[str, Any], tuple[str, ...]]]] = {
    "dial-first": ({}, ("caller",)),
    "answer-first": ({"notice_when": "answer-first"}, ("caller",)),
    "early": ({"notice_when": "early"}, ("caller",)),
    "callee": ({"notice_to": "callee", "direction": "outbound"}, ("callee",)),
    "both": ({"notice_to": "both"}, ("caller", "callee")),
}
ORDERS: Final = (("pcmu", "pcma"), ("pcma", "pcmu"))


@dataclass(frozen=True)
class Cell:
    """One call: the route's mode, and the codecs of either telephone."""

    mode: str
    offers: tuple[str, ...]
    takes: tuple[str, ...]

    def __str__(self) -> str:
        return "-".join((self.mode, *self.offers, "to", *self.takes))


QUICK: Final = Cell("both", ORDERS[0], ("pcma",))
CELLS: Final = [
    pytest.param(cell, id=str(cell), marks=[pytest.mark.quick] if cell == QUICK else [])
    for mode in MODES
    for offers in ORDERS
    for takes in (*ORDERS, ("pcma",))
    for cell in (Cell(mode, offers, takes),)
]


def told_whole(heard: Path) -> None:
    """Wait until all of the notice is in what a telephone has heard."""

    def is_there() -> bool:
        if not heard.exists():
            return False
        samples, wanted = read(heard), notice()
        found = find(samples, wanted)
        return bool(found) and round(found.at_s * RATE) + len(wanted) <= len(samples)

    until(lambda: is_there() or None, "the whole notice", within_s=LONG_S)


def outcomes(kept: Kept) -> dict[str, str]:
    """What the record makes of each party's notice, by the place that says so."""
    return {each.sent.to: each.outcome for each in notices_in(kept.events)}


def lane_to(kept: Kept, party: str) -> int:
    """The channel of what was played to a party, as the file beside the export says."""
    target = kept.call.node.folder / f"{kept.recorded.row['recording']}-{party}.wav"
    kept.call.node.server.command(
        "calls", "export", kept.recorded.row["recording"], "-O", str(target)
    )
    told = json.loads(target.with_name(f"{target.name}.json").read_text("utf-8"))
    (channel,) = [each for each in told["channels"] if each["label"] == f"to {party}"]
    assert {each["to"] for each in told["notices"]} == {e.to for e in kept.all(NoticePlayed)}
    return int(channel["channel"]) - 1


@needs("pjsua")
@pytest.mark.parametrize("cell", CELLS)
def test_a_pjsua_phone_hears_the_notice_on_either_side(
    node: Node, tmp_path: Path, customer: Path, agent: Path, cell: Cell
) -> None:
    """Who is told hears all of it, the other one none; so says the record, and so do its lanes."""
    settings, told = MODES[cell.mode]
    one, other = {"codecs": cell.offers}, {"codecs": cell.takes}
    with two(tmp_path, (customer, agent), one, other) as (alice, bob):
        call = node.route(bob.uri, **settings)
        ours = alice.call(call.uri)
        if cell.mode in {"answer-first", "early"}:
            told_whole(ours.heard)
        theirs = bob.rung()
        theirs.talks()
        ours.talks()
        sides = {"caller": ours, "callee": theirs}
        for party in told:
            told_whole(sides[party].heard)
        hears(ours.heard, AGENT_SAYS)
        hears(theirs.heard, CUSTOMER_SAYS)
        ours.hang_up()
        heard = {party: read(file_of(side.ended())) for party, side in sides.items()}
    kept = Kept.of(call)

    assert {party for party, sound in heard.items() if find(sound, notice())} == set(told)
    assert set(outcomes(kept)) == set(told)
    assert set(outcomes(kept).values()) <= {"complete", "unproved"}
    for party in told:
        kept.notice_is_true(party)
        lane = kept.audio[:, lane_to(kept, party)].astype(np.float64)
        assert find(lane, notice())


@needs("pjsua", "sipp")
@pytest.mark.parametrize("locks", [False, True])
@pytest.mark.parametrize("offer", ORDERS)
def test_a_pjsua_phone_hears_it_where_a_pbx_prefers_the_other_codec(
    node: Node, tmp_path: Path, customer: Path, offer: tuple[str, ...], locks: bool
) -> None:
    """`0 8` is answered `8 0`, as Asterisk does with `allow=alaw,ulaw`; some phones then lock it.

    Those say so by UPDATE while the notice plays.
    """
    alices = pjsua.Settings(user="alice", host=ALICE, says=customer, codecs=offer, locks=locks)
    with ExitStack() as stack:
        bob = stack.enter_context(voice(BOB, AGENT_SAYS))
        theirs = sipp.Settings(
            scenario="callee", host=BOB, media=bob.port, codecs=offer[::-1], user=USER,
            password=PASSWORD,
        )  # fmt: skip
        pbx = stack.enter_context(sipp.callee(tmp_path, theirs))
        alice = stack.enter_context(pjsua.phone(tmp_path, alices))
        call = node.route({"uri": pbx.node, **node.credentials})
        ours = alice.call(call.uri)
        ours.talks()
        told_whole(ours.heard)
        bob.hears(CUSTOMER_SAYS)
        ours.hang_up()
        heard = read(file_of(ours.ended()))
        pbx.finish()
    kept = Kept.of(call)

    assert find(heard, notice())
    assert set(outcomes(kept).values()) <= {"complete", "unproved"}


@needs("pjsua")
def test_of_a_phone_that_hears_nothing_the_record_does_not_say_complete(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Its SDP leads to where nobody is; all of the notice leaves, and nothing of it is heard."""
    one = {"codecs": ORDERS[0], "media_at": "127.0.0.99"}
    with two(tmp_path, (customer, agent), one, {}) as (alice, bob):
        call = node.route(bob.uri)
        ours = alice.call(call.uri)
        theirs = bob.rung()
        theirs.talks()
        ours.talks()
        sent = round(len(notice()) / RATE * 1000)
        until(lambda: _rang_for(theirs, sent) or None, "the notice's time", within_s=LONG_S)
        ours.hang_up()
        heard = ours.ended()
        theirs.ended()
    kept = Kept.of(call)
    rows = node.server.rows("calls", "find", "--notice", "unproved", *call.window)

    assert heard is None or not find(read(heard), notice())
    assert [each.outcome for each in kept.all(NoticePlayed)] == ["complete"]
    assert outcomes(kept) == {"caller": "unproved"}
    assert kept.recorded.row["recording"] in {row["recording"] for row in rows}


def _rang_for(side: pjsua.Call, sent_ms: int) -> bool:
    """So much has been heard by who hears ringback until the notice is through, and more."""
    return len(read(side.heard)) / RATE * 1000 > sent_ms + 2_000
