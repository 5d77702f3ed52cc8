"""What is told of each attempt at reaching somebody."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pytest

from archive.call.events import Attempted, CallEnded
from archive.call.refusal_reasons import Reason
from archive.call.sender_events import MAX_ATTEMPTS
from capture.inline.routing.route import NoticeWhen
from capture.inline.state.call_events import (
    NOBODY_ANSWERED,
    Acknowledged,
    Answered,
    Began,
    Cancelled,
    HopsFound,
    HungUp,
    Progressed,
    RangTooLong,
    Refused,
)
from capture.inline.state.call_plan import Redirection
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    C_ANSWER,
    C_DIALOG,
    C_HOP,
    CALLEE,
    CALLER,
    HOP,
    PBX,
    SECOND,
    TWO,
    Playbook,
    a_call,
    of_c,
    planned,
    refers,
)
from tests.capture.inline.stage import ANSWER as SPEECH, PBX as TARGET, ROUTE, Stage, from_caller

OTHER: Final = replace(TARGET, name="other")


def told(play: Playbook) -> list[str]:
    """Target, outcome and status of each attempt."""
    return [f"{each.target} {each.outcome} {each.status}" for each in play.call.attempts]


def test_a_call_that_is_answered_rang_before() -> None:
    """A second 180 tells nothing more."""
    play = Playbook(a_call()).dialled().when(Progressed(b"callee", 180))
    play.when(Progressed(b"callee", 183)).when(Answered(B_DIALOG, ANSWER))

    assert told(play) == ["pbx rang 180", "pbx answered 200"]


def called_behind_the_notice() -> Playbook:
    """The caller was answered, has heard it, and hears ringback."""
    play = Playbook(a_call(planned(order="answer-first"))).when(Began())
    return play.when(Acknowledged(CALLER)).noticed().when(HopsFound((HOP,)))


def test_who_is_heard_before_the_answer_has_sounded_once() -> None:
    """The relay says that the ringback gave way; that an answer came early says nothing yet."""
    play = called_behind_the_notice().when(Progressed(b"callee", 183, ANSWER))
    assert told(play) == ["pbx rang 183"]
    play.noticed().when(Progressed(b"callee", 183, ANSWER)).when(Answered(B_DIALOG, ANSWER))

    assert told(play) == ["pbx rang 183", "pbx sounded 0", "pbx answered 200"]


def test_who_was_heard_and_refuses_has_done_both() -> None:
    """ "All agents are busy", then 486: it is busy, and was heard."""
    play = called_behind_the_notice().when(Progressed(b"callee", 183, ANSWER)).noticed()
    play.when(Refused(486))

    assert told(play) == ["pbx rang 183", "pbx sounded 0", "pbx refused 486"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Refused(486), "pbx refused 486"),
        (Refused(480), "pbx unanswered 480"),
        (NOBODY_ANSWERED, "pbx unreachable 0"),
        (Refused(503, is_ours=True), "pbx unreachable 0"),
        (RangTooLong(), "pbx unanswered 0"),
        (RangTooLong(is_reached=False), "pbx unreachable 0"),
        (Cancelled(), "pbx given_up 0"),
        (HungUp(CALLER), "pbx given_up 0"),
    ],
)
def test_what_a_dialled_callee_came_to(event: Refused, expected: str) -> None:
    """A response has its status; where none came there is none."""
    assert told(Playbook(a_call()).dialled().when(event)) == [expected]


def test_silence_behind_the_ringing_is_no_answer() -> None:
    """It was reached: it rang there."""
    play = Playbook(a_call()).dialled().when(Progressed(b"callee", 180)).when(NOBODY_ANSWERED)

    assert told(play) == ["pbx rang 180", "pbx unanswered 0"]


def test_what_comes_behind_a_caller_who_has_left_is_no_attempt() -> None:
    """The 487 is the answer to our own CANCEL."""
    play = Playbook(a_call()).dialled().when(Cancelled()).when(Refused(487))

    assert told(play) == ["pbx given_up 0"]


def test_each_place_and_each_target_is_an_attempt_of_its_own() -> None:
    """One that is nowhere, two places of the next."""
    play = Playbook(a_call(planned(targets=TWO)))
    play.dialled().when(Refused(503)).when(HopsFound((HOP, SECOND)))
    play.when(Refused(500)).when(Progressed(b"x", 180)).when(Refused(404))

    assert told(play) == [
        "pbx refused 503", "other refused 500", "other rang 180", "other refused 404",
    ]  # fmt: skip


def test_a_target_that_is_nowhere_cannot_be_reached() -> None:
    """Nobody was dialled."""
    play = Playbook(a_call(planned(targets=TWO))).dialled()
    play.when(Refused(503)).when(HopsFound(()))

    assert told(play) == ["pbx refused 503", "other unreachable 0"]


def test_a_redirection_that_is_followed_is_told_as_one() -> None:
    """One that leads nowhere is a refusal."""
    lead = Redirection(b"sip:203@192.0.2.31", PBX[0])
    followed = Playbook(a_call()).dialled().when(Refused(302, leads=(lead,)))
    followed.when(HopsFound((SECOND,))).when(Answered(B_DIALOG, ANSWER))

    assert told(followed) == ["pbx redirected 302", "pbx answered 200"]
    assert told(Playbook(a_call()).dialled().when(Refused(302))) == ["pbx refused 302"]


def test_who_is_to_take_a_place_is_an_attempt_too() -> None:
    """The call goes on, whatever he says."""
    play = Playbook(a_call()).joined().when(refers(CALLEE)).when(of_c(HopsFound((C_HOP,))))
    play.when(of_c(Progressed(b"carol", 180)))
    taken = Playbook(play.call).when(of_c(Answered(C_DIALOG, C_ANSWER)))

    assert told(taken)[2:] == ["pbx rang 180", "pbx answered 200"]
    assert told(play.when(of_c(Refused(486))))[2:] == ["pbx rang 180", "pbx refused 486"]


def test_a_flood_of_attempts_is_cut() -> None:
    """Each is an event of the recording."""
    play = Playbook(a_call(planned(targets=TWO * 40))).dialled()
    for _ in range(60):
        play.when(Refused(503)).when(HopsFound((HOP,)))

    assert len(play.call.attempts) == MAX_ATTEMPTS


# -- in the recording, and in the ledger ----------------------------------------------------------


def steps(attempts: Iterable[Attempted]) -> list[str]:
    """Target, outcome and status of each."""
    return [f"{each.target} {each.outcome} {each.status}" for each in attempts]


def answered_first(order: NoticeWhen, *, reloaded: bool) -> Stage:
    """The caller has heard the notice, and the callee is called."""
    stage = Stage(routes=(replace(ROUTE, notice_when=order),), reloaded=reloaded).calls()
    if order == "answer-first":
        stage.a_inside(b"ACK", 1)
    return stage.played()


@pytest.mark.parametrize("order", ["answer-first", "early"])
@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (486, "pbx refused 486", "busy"),
        (603, "pbx refused 603", "declined"),
        (404, "pbx refused 404", "unreachable"),
        (480, "pbx unanswered 480", "unanswered"),
    ],
)
def test_a_recording_that_begins_before_the_callee_says_what_he_did(
    stage: Stage, order: NoticeWhen, status: int, outcome: str, reason: str
) -> None:
    """The last attempt is its last event but the end; the status is the one that was sent."""
    scene = answered_first(order, reloaded=stage.reloaded).b(180).b(status)

    assert steps(scene.events(Attempted)) == ["pbx rang 180", outcome]
    assert [each.reason for each in scene.events(CallEnded)] == [reason]


def test_a_callee_who_is_too_late_was_not_there(stage: Stage) -> None:
    """Rings for as long as the route has it; the caller hears of it, too."""
    scene = answered_first("answer-first", reloaded=stage.reloaded).b(180)
    invite = scene.request_to_b()
    scene.until(scene.now_s + 181).b_answers(invite, 487)
    scene.until(scene.now_s + 3)

    assert steps(scene.events(Attempted)) == ["pbx rang 180", "pbx unanswered 0"]
    assert [each.reason for each in scene.events(CallEnded)] == ["unanswered"]


def test_a_caller_who_leaves_while_it_rings_has_given_up(stage: Stage) -> None:
    """It is he who ended it."""
    scene = answered_first("answer-first", reloaded=stage.reloaded).b(180)
    invite = scene.request_to_b()
    scene.a_inside(b"BYE", 2).b_answers(invite, 487)
    scene.until(scene.now_s + 3)

    assert steps(scene.events(Attempted)) == ["pbx rang 180", "pbx given_up 0"]
    assert [each.reason for each in scene.events(CallEnded)] == ["cancel"]


def test_a_recording_that_begins_with_the_answer_has_the_attempts_before_it(stage: Stage) -> None:
    """At the time at which they were."""
    route = replace(ROUTE, to=("pbx", "other"))
    scene = Stage(routes=(route,), targets=(TARGET, OTHER), reloaded=stage.reloaded)
    scene.calls().b(503)
    scene.now_s += 3
    scene.b(200, body=SPEECH).a_inside(b"ACK", 1)
    attempts = scene.events(Attempted)

    assert steps(attempts) == ["pbx refused 503", "other answered 200"]
    assert attempts[1].at_us - attempts[0].at_us == 3_000_000


@pytest.mark.parametrize(
    ("status", "reason"),
    [(486, Reason.BUSY), (480, Reason.UNANSWERED), (603, Reason.DECLINED),
     (404, Reason.UNREACHABLE)],
)  # fmt: skip
def test_the_ledger_says_the_same_of_a_call_without_a_recording(
    stage: Stage, status: int, reason: Reason
) -> None:
    """With each attempt."""
    stage.calls().b(180).b(status)
    (row,) = stage.ledger.unlogged

    assert (row.status, row.reason) == (status, reason)
    assert steps(row.attempts)[0] == "pbx rang 180"
    assert row.attempts[-1].status == status


def test_a_caller_who_gives_up_is_not_a_callee_who_was_not_there(stage: Stage) -> None:
    """487 to him; the row names who was called."""
    stage.calls().b(180)
    invite = stage.request_to_b()
    stage.a(from_caller(b"CANCEL")).b_answers(invite, 487)
    (row,) = stage.ledger.unlogged

    assert (row.status, row.reason) == (487, Reason.GAVE_UP)
    assert steps(row.attempts) == ["pbx rang 180", "pbx given_up 0"]
