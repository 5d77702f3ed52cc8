"""By which ids others know an inline call."""

from dataclasses import replace

import pytest

from archive.call.events import CallIdKnown
from capture.sip.build import Header
from tests.capture.inline.stage import ANSWER, ROUTE, TRUNK, Stage

SESSION = "ab30317f1a784dc48ff824d0d3715d86"
REFERENCE: Header = (b"X-Reference", b"R-77")
IDS: tuple[Header, ...] = (
    (b"Session-ID", SESSION.encode() + b";remote=" + b"0" * 32),
    (b"X-Asterisk-UniqueID", b"1709935200.42"),
    (b"X-Asterisk-LinkedID", b"1709935200.41"),
    (b"X-FS-UUID", b"0b3a-11"),
    REFERENCE,
)


def known(stage: Stage) -> set[tuple[str, str]]:
    return {(each.kind, each.value) for each in stage.events(CallIdKnown)}


def listing(*, reloaded: bool = False) -> Stage:
    """A source with a header of its own for its ids."""
    source = replace(TRUNK, call_id_headers=("x-reference",))
    return Stage(reloaded=reloaded, source=source, routes=(replace(ROUTE, notice=()),))


@pytest.mark.parametrize("reloaded", [False, True])
def test_the_ids_of_the_callers_invite_are_those_of_the_recording(*, reloaded: bool) -> None:
    """Staff look for a call by what their PBX calls it."""
    stage = listing(reloaded=reloaded).calls(*IDS).b(200, body=ANSWER).a_inside(b"ACK", 1)

    assert known(stage) >= {
        ("session_id", SESSION),
        ("asterisk_uniqueid", "1709935200.42"),
        ("asterisk_linkedid", "1709935200.41"),
        ("freeswitch_uuid", "0b3a-11"),
        ("call_id", "R-77"),
    }


def test_so_are_those_of_the_callees_answer_and_the_call_id_that_he_knows() -> None:
    """The PBX is often the one that is called; its log has our Call-ID."""
    stage = listing().calls().b(200, IDS[1], REFERENCE, body=ANSWER)
    ours = stage.request_to_b().call_id.decode()

    assert known(stage) == {
        ("asterisk_uniqueid", "1709935200.42"),
        ("call_id", "R-77"),
        ("call_id", ours),
    }


def test_a_header_that_nobody_listed_is_no_id() -> None:
    """What a peer says of itself is not searched by unless somebody wants it."""
    stage = Stage(routes=(replace(ROUTE, notice=()),)).calls(REFERENCE).b(200, body=ANSWER)

    assert [value for _, value in known(stage) if value == "R-77"] == []
