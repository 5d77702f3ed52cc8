"""Requests of ours in a dialog, as they go out."""

import pytest

from capture.sip.events import TooManyPending
from capture.sip.limits import MAX_TRANSACTIONS_A_CALL
from tests.capture.sip.calls_out import OutScene
from tests.capture.sip.scenes import Scene, established

# fmt: off


@pytest.mark.parametrize("method", [b"REFER", b"NOTIFY", b"INFO", b"MESSAGE", b"UPDATE"])
def test_any_request_can_be_passed_on_in_a_dialog(out: OutScene, method: bytes) -> None:
    """What A says goes to B, and B's answer is told with the number of the request."""
    out.call().phone(b"b", 200).tell(b"b", method, (b"Subject", b"x")).then(method.decode())
    sent = out.sent_request()

    assert sent.value(b"subject") == b"x"
    assert (sent.value(b"contact") is not None) == (method in {b"REFER", b"NOTIFY", b"UPDATE"})
    out.replied(202).then("ResponseReceived")
    assert (out.told()[-1].cseq, out.told()[-1].dialog) == (2, out.named(b"b"))


def test_what_is_under_way_has_a_bound_and_a_bye_goes_out_all_the_same(scene: Scene) -> None:
    """A peer that asks without end, passed on, must not grow the other side's state."""
    established(scene)
    for _ in range(MAX_TRANSACTIONS_A_CALL):
        scene.ask(b"INFO")
    with pytest.raises(TooManyPending):
        scene.ask(b"INFO")

    scene.ask(b"BYE").then("BYE")
