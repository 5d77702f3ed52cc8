"""A party that has a say pauses its recording, and lets it go on."""

import dataclasses

import pytest

from capture.recording.pause_control import pause
from capture.recording.session import RecordingSession
from tests.capture.inline.stage import ANSWER, ROUTE, Stage
from tests.support.inline.preferring import prefers

HONOURS = dataclasses.replace(ROUTE, record_preference="honour")


def the_session(stage: Stage) -> RecordingSession:
    (session,) = stage.node.sessions
    return session


def is_paused(stage: Stage) -> bool:
    return any(each.pause is not None for each in the_session(stage).live)


@pytest.fixture
def honouring(stage: Stage) -> Stage:
    return Stage(reloaded=stage.reloaded, routes=(HONOURS,))


def test_a_wish_to_pause_pauses_and_a_wish_to_record_resumes(honouring: Stage) -> None:
    """With the party as who asked, and for no longer than the route allows."""
    honouring.talking().a_inside(b"INVITE", 2, body=prefers("pause"))
    (asked,) = the_session(honouring).recordings[0].pauses
    assert (asked.reason, asked.is_final, the_session(honouring).pause_max_s) == (
        "recordpref",
        False,
        600,
    )
    assert asked.by == "sip:+81300001234@192.0.2.1"
    honouring.a_inside(b"ACK", 2).a_inside(b"INVITE", 3, body=prefers("on", 3))

    assert not is_paused(honouring)


def test_who_wants_a_pause_from_the_first_has_it_once_there_is_a_recording(
    honouring: Stage,
) -> None:
    """The notice before that is kept: it is evidence."""
    honouring.calls(body=prefers("pause", 1)).b(180).b(200, body=ANSWER).a_inside(b"ACK", 1)
    assert not is_paused(honouring)
    honouring.played()

    assert is_paused(honouring)


def test_nobody_ends_a_pause_of_others_by_a_wish(honouring: Stage) -> None:
    """An agent has paused for a card number."""
    honouring.talking()
    session = the_session(honouring)
    honouring._did(pause(honouring.node, session, "kimura", "card", honouring.now))
    honouring.a_inside(b"INVITE", 2, body=prefers("on"))

    assert is_paused(honouring)


def test_no_preference_leaves_it_as_it_is(honouring: Stage) -> None:
    """It is no wish to go on."""
    honouring.talking().a_inside(b"INVITE", 2, body=prefers("pause")).a_inside(b"ACK", 2)
    honouring.a_inside(b"INVITE", 3, body=prefers("nopreference", 3))

    assert is_paused(honouring)


def test_a_wish_that_is_fulfilled_changes_nothing(honouring: Stage) -> None:
    """Nor does one that is said again."""
    honouring.talking().a_inside(b"INVITE", 2, body=prefers("on")).a_inside(b"ACK", 2)
    honouring.a_inside(b"INVITE", 3, body=prefers("pause", 3)).a_inside(b"ACK", 3)
    honouring.a_inside(b"INVITE", 4, body=prefers("pause", 4))

    assert len(the_session(honouring).recordings[0].pauses) == 1


def test_without_a_say_a_wish_pauses_nothing(stage: Stage) -> None:
    """It is noted."""
    stage.talking().a_inside(b"INVITE", 2, body=prefers("pause"))

    assert not is_paused(stage)
