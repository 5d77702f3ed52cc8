"""CANCEL and BYE."""

from tests.capture.inline.stage import Stage, sdp


def test_a_callee_who_hangs_up_while_a_change_waits_leaves_nobody_waiting(stage: Stage) -> None:
    """The change is refused, then the BYE goes out."""
    stage.talking()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=held)

    stage.b_inside(b"BYE", 1)
    assert "a: 487 INVITE" in [
        f"{to}: {m.status} INVITE" for to, m in stage.sent() if to == "a" and hasattr(m, "status")
    ]
