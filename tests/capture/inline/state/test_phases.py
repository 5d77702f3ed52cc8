"""How far a call is, in a word."""

import msgspec

from capture.inline.state.phases import phase_of
from capture.inline.state.stages import CalleeStage
from tests.capture.inline.stage import Stage


def phase(stage: Stage) -> str:
    (bridged,) = stage.inline.calls
    assert stage.inline.phase(bridged.key) == phase_of(bridged.call)
    return stage.inline.phase(bridged.key)


def test_the_phases_are_those_of_the_document() -> None:
    """From the INVITE to the end."""
    stage = Stage().calls()
    seen = [phase(stage)]
    stage.b(180)
    seen.append(phase(stage))
    stage = Stage().answered()
    seen.append(phase(stage))
    joined = Stage().talking()
    seen.append(phase(joined))
    (bridged,) = joined.inline.calls
    gone = msgspec.structs.replace(bridged.call, caller_stage=type(bridged.call.caller_stage).GONE)

    finding = msgspec.structs.replace(
        bridged.call, callee_stage=CalleeStage.FINDING, is_joined=False
    )

    assert seen == ["dialling", "ringing", "notice", "joined"]
    assert phase_of(finding) == "finding"
    assert phase_of(gone) == "ending"
    assert joined.inline.phase(b"?") == ""
