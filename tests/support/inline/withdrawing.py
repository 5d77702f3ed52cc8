"""What tests of withdrawing share."""

from capture.links.relay_messages import Outcome, Played, Side
from tests.capture.inline.stage import Stage


def word(scene: Stage, serial: int, side: Side) -> Played:
    """That a second of two went out."""
    return Played(
        call=scene.relay_call().call,
        side=side,
        serial=serial,
        outcome=Outcome.CUT_SHORT,
        from_us=scene.now.us - 1_000_000,
        until_us=scene.now.us,
        packets=50,
        sent_ms=1_000,
        whole_ms=2_000,
        first_sequence=1,
        gate_us=0,
    )


def tells(scene: Stage, told: Played) -> Stage:
    """The relay says so a moment later."""
    scene.now_s += 0.02
    return scene._did(scene.inline.relay_said(told, scene.now))
