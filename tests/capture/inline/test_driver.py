"""What an event of a call brings about, and in which order."""

from capture.inline.routing.route import Target
from capture.recording.outputs import Listen
from tests.capture.inline.stage import Stage, said


def test_ears_are_open_before_anybody_is_told_of_a_port(stage: Stage) -> None:
    """The kernel drops what arrives on a pair that no call uses."""
    stage.calls()
    words = [said(each) for each in stage.outputs]

    assert words[0] == "Listen 2"
    assert isinstance(stage.outputs[0], Listen)
    assert "RelayCall" in words


def test_a_target_with_a_name_is_looked_for_by_the_shell(stage: Stage) -> None:
    """Also by a successor of ours; it is called by that name, wherever it is."""
    named = Stage(
        reloaded=stage.reloaded, targets=(Target(name="pbx", uri="sip:pbx.example:5070"),)
    )

    assert "Find sip:0355501234@pbx.example:5070" in [said(each) for each in named.calls().outputs]
    again = named.inline.driver.go_on(named.now)
    assert [said(each) for each in again] == ["Find sip:0355501234@pbx.example:5070"]
    named.found().then("b: INVITE")
    assert named.request_to_b().uri == b"sip:0355501234@pbx.example:5070"
