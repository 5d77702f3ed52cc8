"""What events show of themselves."""

from capture.errors import CaptureError
from capture.sip.events import AnsweredAlready, NoSuchDialog, RequestPending
from tests.capture.sip.scenes import Scene, established, in_dialog, peer_request


def test_a_whole_call_can_be_printed_without_a_number_or_a_name() -> None:
    """Logs are read by people who may not know who called whom."""
    scene = established(Scene(reloaded=False))
    scene.peer(in_dialog(scene, b"OPTIONS", 2)).answer(200).ask(b"OPTIONS")
    scene.peer(peer_request(b"BYE", to_tag=b"x")).peer(in_dialog(scene, b"BYE", 3))

    printed = repr(scene.log)
    assert "ByeReceived" in printed
    assert not [secret for secret in ("sip:", "one@peer", "192.0.2.1") if secret in printed]


def test_errors_of_the_layer_above_have_one_root() -> None:
    """The shell handles what is out of turn in one place."""
    assert all(
        issubclass(error, CaptureError) for error in (AnsweredAlready, NoSuchDialog, RequestPending)
    )
