"""A recording that fails while its call is up: the call goes on, or ends where its route says so.

SIPp on both sides. Nothing of a failure is heard by anybody.
"""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.crash.whole import part_of
from tests.scenarios.inline import volume
from tests.scenarios.inline.kept import Kept, notice
from tests.scenarios.inline.node import ALICE, BOB, Node, between
from tests.scenarios.inline.processes import part
from tests.scenarios.inline.talk import Roles, talk
from tests.scenarios.inline.volume import MENDED_WITHIN_S, Volume
from tests.scenarios.phones import sipp
from tests.scenarios.waiting import met
from tests.support.scenarios.failing_recording import failures

WHY_NOT: Final = sipp.why_not() or volume.why_not()
pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "all is here"),
]


@pytest.fixture(scope="module")
def crowded() -> Iterator[Node]:
    """A node whose spool has less room than it must have, whatever the disk has."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        between(Path(folder), min_free_bytes=10**18) as started,
    ):
        yield started


def is_refused_unrecorded(node: Node, folder: Path) -> None:
    """A call of a route that wants none unrecorded is answered 503, and nobody is called."""
    with sipp.callee(folder, sipp.Settings(scenario="callee", host=BOB)) as bob:
        call = node.route(bob.node, record_failure="end")
        ours = sipp.Settings(scenario="caller_refused", host=ALICE, status="503 Busy")
        with sipp.caller(folder, ours, call.target, called=call.number) as caller:
            caller.finish()
        assert bob.seen() == ""


def test_a_spool_that_dies_ends_no_call(brittle: tuple[Node, Volume], tmp_path: Path) -> None:
    """Both hear each other on, and what could not be written is a gap of the recording."""
    node, spool = brittle
    before = failures(node)
    with talk(node, tmp_path, Roles()) as two:
        two.answered()
        two.hear_each_other()
        spool.fill()
        try:
            met(lambda: failures(node) > before, "the failure")
            two.hear_anew()
            two.hang_up()
        finally:
            spool.empty()

    flags = two.call.recorded(MENDED_WITHIN_S).flags
    assert flags & {"packets_lost", "incomplete"}, flags


def test_a_spool_that_dies_ends_a_call_whose_route_wants_none_unrecorded(
    brittle: tuple[Node, Volume], tmp_path: Path
) -> None:
    """Both are told why."""
    node, spool = brittle
    roles = Roles(caller="caller_hears_bye")
    with talk(node, tmp_path, roles, record_failure="end") as two:
        two.answered()
        two.hear_each_other()
        spool.fill()
        try:
            for side in (two.caller, two.callee):
                side.saw(r"^BYE (?:.+\n)*?Reason: SIP;cause=500")
            two.finish()
        finally:
            spool.empty()


def test_a_spool_that_is_dead_from_the_first_packet_ends_no_call_and_such_a_route_takes_none(
    brittle: tuple[Node, Volume], tmp_path: Path
) -> None:
    """The other one's parties hear each other."""
    node, spool = brittle
    spool.fill()
    try:
        with talk(node, tmp_path, Roles(), notice=[]) as two:
            two.answered()
            two.hear_each_other()
            two.hang_up()
        is_refused_unrecorded(node, tmp_path)
    finally:
        spool.empty()


def test_an_ingest_worker_that_is_killed_ends_no_call(
    brittle: tuple[Node, Volume], tmp_path: Path
) -> None:
    """Its successor seals what the relay has landed meanwhile: nothing is missing."""
    node, _ = brittle
    with talk(node, tmp_path, Roles()) as two:
        two.answered()
        two.hear_each_other()
        killed = part(node.server.process_id, "ingest-0")
        os.kill(killed, signal.SIGKILL)
        met(lambda: part(node.server.process_id, "ingest-0") not in {killed, 0}, "a successor")
        two.hear_anew()
        two.hang_up()
    # The spool that was full a moment ago may still be believed to be.
    two.call.recorded(MENDED_WITHIN_S)
    kept = Kept.of(two.call)

    assert part_of(killed) != "ingest-0"
    kept.notice_is_true()
    kept.voices_in_place()


def test_a_call_that_finds_no_room_in_the_spool_goes_through_unrecorded_and_untold(
    crowded: Node, tmp_path: Path
) -> None:
    """Nobody is told that he is recorded when he is not; the ledger says what was lacking."""
    with talk(crowded, tmp_path, Roles()) as two:
        two.answered()
        two.hear_each_other()
        two.hang_up()
        two.alice.never_heard(notice())

    assert two.call.fate()["reason"] == "spool bytes"
    assert two.call.found() == []


def test_a_call_that_finds_no_room_is_refused_where_its_route_wants_none_unrecorded(
    crowded: Node, tmp_path: Path
) -> None:
    """503, and nobody is called."""
    is_refused_unrecorded(crowded, tmp_path)
