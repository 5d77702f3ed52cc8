"""What a call's value says of itself."""

import msgspec

from capture.inline.state.ends import other
from capture.inline.state.stages import CalleeStage, CallerStage, NoticeStage
from capture.links.relay_messages import Side
from tests.capture.inline.playbook import ANSWER, CALLEE, CALLER, Playbook, a_call, planned


def test_ends_are_found_and_replaced_by_side() -> None:
    """There is no third."""
    call = a_call()
    later = msgspec.structs.replace(call.end(CALLEE), theirs=ANSWER)

    assert call.with_end(later).end(CALLEE).theirs == ANSWER
    assert call.with_end(later).end(CALLER) == call.caller
    assert [other(side) for side in Side] == [CALLEE, CALLER]


def test_a_call_is_over_when_nobody_is_left() -> None:
    """A callee who was never called is nobody."""
    gone = msgspec.structs.replace(a_call(), caller_stage=CallerStage.GONE)

    assert gone.is_over
    assert not msgspec.structs.replace(gone, callee_stage=CalleeStage.RINGING).is_over


def test_open_notices_are_those_that_somebody_still_waits_for() -> None:
    """Sent, missed and none are done with."""
    call = a_call(planned(sides=(CALLER, CALLEE)))

    assert [end.side for end in call.notices] == [CALLER, CALLEE]
    sent = msgspec.structs.replace(call.caller, notice=NoticeStage.SENT)
    assert [end.side for end in call.with_end(sent).notices] == [CALLEE]
    assert not call.with_end(sent).notices_of_caller


def test_both_have_answered_only_when_both_have() -> None:
    """An early caller has not."""
    play = Playbook(a_call())

    assert not play.dialled().call.has_answered
    assert Playbook(a_call()).answered().call.has_answered
