"""How far each side is, in words that a successor reads."""

import msgspec
import pytest

from capture.inline.state.stages import (
    OVER,
    UNANSWERED,
    CalleeStage,
    CallerStage,
    NoticeStage,
    TransferStage,
)


@pytest.mark.parametrize("stages", [CallerStage, CalleeStage, NoticeStage, TransferStage])
def test_every_stage_goes_to_a_successor_by_its_name(stages: type[CallerStage]) -> None:
    """Another order of them in a later version changes no call that is up."""
    for stage in stages:
        packed = msgspec.msgpack.encode(stage)

        assert msgspec.msgpack.decode(packed) == stage.name.lower()
        assert msgspec.msgpack.decode(packed, type=stages) is stage


def test_who_was_never_called_is_as_gone_as_who_has_left() -> None:
    """Nothing is to be sent to either."""
    assert {CalleeStage.IDLE, CalleeStage.GONE} == OVER


def test_a_caller_who_hears_something_may_still_not_have_been_answered() -> None:
    """Early media is no answer (RFC 3960)."""
    assert CallerStage.EARLY in UNANSWERED
    assert CallerStage.ANSWERED not in UNANSWERED
