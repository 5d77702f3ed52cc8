"""What is left of a request within a dialog that comes from somebody else."""

import pytest

from capture.sip.agent import Doorkeeper
from capture.sip.build import Header
from capture.sip.events import OutsiderHeard
from capture.sip.owner import DialogAccess, Owner
from tests.capture.sip.scenes import Scene, established, in_dialog

SDP: Header = (b"Content-Type", b"application/sdp")
METADATA: Header = (b"Content-Type", b"application/rs-metadata+xml")


def met_by(access: DialogAccess, *, is_strict: bool = False) -> Scene:
    """A call of a source, strict or not; from now on whoever asks stands so to it."""
    scene, found = Scene(reloaded=False), [DialogAccess.OWN]
    door = Doorkeeper(
        owner=lambda _flow: Owner(source="pbx", is_strict=is_strict),
        access=lambda _owner, _last, _request, _flow, _now_s: found[-1],
        challenge=lambda _now_s: ((b"WWW-Authenticate", b"Digest"),),
    )
    scene.core.use_door(door)
    established(scene)
    found.append(access)
    return scene


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE", b"INFO", b"BYE", b"OPTIONS", b"REFER"])
def test_a_stranger_is_told_that_there_is_no_dialog(method: bytes) -> None:
    """As if he had made it up."""
    scene = met_by(DialogAccess.STRANGER)
    scene.peer(in_dialog(scene, method, 2)).then(
        f"481 {method.decode()}", "RequestRefused", "OutsiderHeard"
    )

    assert scene.core.has_dialog(scene.dialog)


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE", b"BYE"])
def test_a_strict_owner_has_no_guests(method: bytes) -> None:
    """Nor somebody with his account."""
    for access in (DialogAccess.GUEST, DialogAccess.UNPROVED):
        scene = met_by(access, is_strict=True)
        scene.peer(in_dialog(scene, method, 2)).then(
            f"481 {method.decode()}", "RequestRefused", "OutsiderHeard"
        )


@pytest.mark.parametrize(
    ("method", "header", "body", "told"),
    [
        (b"INVITE", SDP, b"v=0", ["488 INVITE", "OutsiderHeard"]),
        (b"INVITE", SDP, b"", ["488 INVITE", "OutsiderHeard"]),
        (b"REFER", SDP, b"", ["488 REFER", "OutsiderHeard"]),
        (b"UPDATE", SDP, b"v=0", ["488 UPDATE", "OutsiderHeard"]),
        (b"UPDATE", METADATA, b"<x/>", ["OutsiderHeard", "UpdateReceived"]),
        (b"UPDATE", SDP, b"", ["OutsiderHeard", "UpdateReceived"]),
        (b"PRACK", (b"RAck", b"1 1 INVITE"), b"v=0", ["488 PRACK", "OutsiderHeard"]),
        (b"INFO", SDP, b"", ["OutsiderHeard", "RequestReceived"]),
        (b"BYE", SDP, b"", ["OutsiderHeard", "200 BYE", "ByeReceived"]),
    ],
)
def test_of_a_guests_request_all_but_media_counts(
    method: bytes, header: Header, body: bytes, told: list[str]
) -> None:
    """He may be the other half of a pair."""
    scene = met_by(DialogAccess.GUEST)
    scene.peer(in_dialog(scene, method, 2, headers=(header,), body=body)).then(*told)


def test_a_guest_moves_neither_the_numbers_nor_the_timer_of_a_dialog() -> None:
    """Else one request of his would have all that follow from its own source refused."""
    scene = met_by(DialogAccess.GUEST)
    before = scene.core.known(scene.dialog)
    timed = (b"Session-Expires", b"90;refresher=uac")
    scene.peer(in_dialog(scene, b"UPDATE", 2**31 - 1, headers=(timed,))).answer(200)

    assert scene.core.known(scene.dialog) == before


def test_who_has_the_account_is_asked_for_its_password() -> None:
    """A telephone that has wandered may prove that it is the same."""
    scene = met_by(DialogAccess.UNPROVED)
    scene.peer(in_dialog(scene, b"BYE", 2)).then("401 BYE")

    assert scene.core.has_dialog(scene.dialog)


def test_what_the_layer_above_hears_names_how_he_stands() -> None:
    """It counts, flags and rings the alarm."""
    scene = met_by(DialogAccess.STRANGER)
    scene.peer(in_dialog(scene, b"BYE", 2))
    (told,) = [each for each in scene.outputs if isinstance(each, OutsiderHeard)]

    assert (told.access, told.is_refused, told.dialog) == (
        DialogAccess.STRANGER,
        True,
        scene.dialog,
    )
