"""Which calls are taken, and what is said of the others."""

import pytest

from tests.capture.sdp.offers import HEAD
from tests.capture.siprec.stage import (
    MIXED,
    NETWORK,
    OFFER,
    SDP,
    SIPREC,
    Stage,
    bare_invite,
    described,
    invite,
    request,
)
from tests.support.siprec.admitting import last_answer

SECURE = HEAD + b"m=audio 6000 RTP/SAVP 0\r\na=label:96\r\n"


@pytest.mark.parametrize(
    "call",
    [
        bare_invite(OFFER, SIPREC),
        request(b"INVITE", SDP, contact=b"<sip:src@192.0.2.1>;+sip.src", body=OFFER),
        request(b"INVITE", SDP, contact=b"<sip:src@192.0.2.1>;src", body=OFFER),
        request(b"INVITE", MIXED, body=described()),
    ],
    ids=["Require siprec", "+sip.src", "bare src", "a metadata part"],
)
def test_each_sign_of_a_recording_client_is_enough(stage: Stage, call: bytes) -> None:
    """Clients in the field leave out all but one of what RFC 7866 asks for."""
    stage.peer(call).then("Listen 2", "200 INVITE", "Record")


def test_a_network_based_source_needs_no_sign() -> None:
    """It sends calls as they are, not recording sessions."""
    stage = Stage(source=NETWORK).peer(bare_invite())

    stage.then("Listen 2", "200 INVITE", "Record")


def test_an_ordinary_call_is_not_found(stage: Stage) -> None:
    """Nobody lives here whom one could call."""
    stage.peer(bare_invite()).then("404 INVITE")

    assert len(stage.server.sessions) == 0


def test_nothing_usable_is_not_acceptable(stage: Stage) -> None:
    """A call of which we could keep nothing is better recorded elsewhere."""
    stage.peer(invite(SECURE)).then("488 INVITE")


def test_a_body_that_we_must_know_and_do_not_is_refused_with_what_we_know(stage: Stage) -> None:
    """RFC 3261 §8.2.3: the Accept header tells the client what to send instead."""
    stage.peer(request(b"INVITE", SIPREC, (b"Content-Type", b"text/plain"), body=b"hello"))

    stage.then("415 INVITE")
    assert b"application/sdp" in (last_answer(stage).value(b"accept") or b"")
