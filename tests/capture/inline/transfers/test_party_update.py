"""What a bridged call remembers of who came and who left."""

import msgspec
import pytest

from archive.call.events import StreamPartyKnown
from capture.inline.routing.route import Route
from capture.inline.state import call_dialogs
from capture.inline.state.bridged_calls import NO_ONE
from capture.inline.state.call_dialogs import MAX_GONE
from capture.links.relay_messages import Side
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ANSWER, Stage
from tests.support.inline.telling import TARGETS, TO_CAROL


def test_who_came_is_known_by_his_dialog_and_who_left_by_his() -> None:
    """The last words of the one are not the other's."""
    stage = Stage(targets=TARGETS).talking()
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    (bridged,) = stage.inline.calls
    new = bridged.call.callee.dialog
    assert new is not None
    first = stage.request_to_b()

    assert bridged.sides.moved == (Side.CALLEE,)
    assert bridged.dialogs.gone == ((first.call_id, first.from_address.tag),)
    assert not bridged.is_stale(new)
    assert bridged.arriving == NO_ONE
    assert bridged.answered_by == ("sip:202@192.0.2.28", "")
    assert stage.inline.may_speak("192.0.2.28")


def test_a_transfer_that_fails_leaves_an_attempt_that_counts_no_more() -> None:
    """And the party where it was."""
    stage = Stage(targets=TARGETS).talking()
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(486)
    (bridged,) = stage.inline.calls

    assert bridged.sides.moved == ()
    assert len(bridged.dialogs.gone) == 1
    assert bridged.answered_by == ("", "")


@pytest.mark.parametrize("most", [6, pytest.param(MAX_GONE, marks=pytest.mark.slow)])
def test_a_call_that_is_handed_round_all_day_stays_small(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old names are forgotten, the parties' own are not."""
    monkeypatch.setattr(call_dialogs, "MAX_GONE", most)
    stage = Stage(targets=TARGETS)
    stage.talking()
    carol = Phone(stage, "c")
    for number in range(most + 10):
        stage.b_inside(b"REFER", number + 1, TO_CAROL)
        carol.answers(486)
        for _ in range(2):
            stage.b_answers(stage.request_to_b(b"NOTIFY"), 200)
        stage.until(stage.now_s + 70)
    (bridged,) = stage.inline.calls

    assert len(bridged.dialogs.gone) <= most
    assert len(bridged.dialogs.seats) <= most + 2
    assert len(msgspec.msgpack.encode(bridged)) < 64_000
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")


def test_the_agents_id_of_a_header_is_the_first_agents() -> None:
    """Not of who came in his place."""
    route = Route(name="r", to=("pbx",), direction="inbound", agent="header:X-Agent")
    stage = Stage(targets=TARGETS, routes=(route,))
    stage.calls((b"X-Agent", b"4711")).b(200, body=ANSWER)
    stage.a_inside(b"ACK", 1)
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())

    agents = [each for each in stage.events(StreamPartyKnown) if each.side == "agent"]
    assert [(each.aor, [own.aor for own in each.name_ids[1:]]) for each in agents] == [
        ("sip:0355501234@192.0.2.9", ["sip:4711@192.0.2.9"]), ("sip:202@192.0.2.28", []),
    ]  # fmt: skip
