"""SRTP as a party's source wants it, in all that is described; keys that others could read."""

import dataclasses
from typing import Final

import msgspec
import pytest

from archive.call.events import Flagged
from capture.inline.routing.route import Target
from capture.links.relay_messages import Side
from capture.sdp.crypto import is_secure
from capture.sdp.description import MediaDescription
from capture.sip.flow import Flow
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import (
    ANSWER,
    OFFER,
    PBX,
    ROUTE,
    SDP,
    TRUNK,
    A,
    Stage,
    from_caller,
    sdp,
)

KEY: Final = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40
SEALED: Final = sdp("192.0.2.1", 4000, KEY).replace(b"RTP/AVP", b"RTP/SAVP")
SEALED_ANSWER: Final = sdp(
    "192.0.2.30", 5000, KEY.replace("A" * 40, "B" * 40), formats="0 101"
).replace(b"RTP/AVP", b"RTP/SAVP")
UNTOLD: Final = dataclasses.replace(ROUTE, notice=())
STRICT: Final = dataclasses.replace(TRUNK, srtp="require", keys_in_clear="refuse")
SECRET: Final = dataclasses.replace(TRUNK, srtp="require")
OPEN: Final = dataclasses.replace(TRUNK, keys_in_clear="refuse")
TLS: Final = msgspec.structs.replace(A, transport="tls", connection=1)


def later(description: bytes, *lines: str) -> bytes:
    """The next version of a description, with a line more."""
    again = description.replace(b"o=- 7 1 ", b"o=- 7 2 ")
    return again + "".join(f"a={line}\r\n" for line in lines).encode()


def talking(stage: Stage, offer: bytes, answer: bytes) -> Stage:
    """Both talk, without a notice."""
    return stage.calls(body=offer).b(200, body=answer).a_inside(b"ACK", 1)


def speech(stage: Stage, side: Side) -> MediaDescription:
    """What we have said last to a side of its speech."""
    (bridged,) = stage.inline.calls
    ours = bridged.call.end(side).ours
    assert ours is not None
    return ours.media[0]


def test_a_call_for_help_is_taken_with_whatever_it_offers() -> None:
    """Nobody dies of a setting, at its begin or later."""
    stage = Stage(source=STRICT).calls(number=b"110").b(200, body=ANSWER).a_inside(b"ACK", 1)
    stage.a_inside(b"INVITE", 2, body=later(OFFER, "sendonly")).then("b: INVITE")


@pytest.mark.parametrize(("source", "is_sealed"), [(SECRET, True), (OPEN, False)])
def test_our_own_offer_to_a_source_is_as_it_must_be(source: object, is_sealed: bool) -> None:
    """An INVITE without an offer: whatever the callee says, he is not offered what he may not."""
    target = dataclasses.replace(PBX, srtp="never" if is_sealed else "require")
    answer = ANSWER if is_sealed else SEALED_ANSWER
    stage = Stage(source=source, routes=(UNTOLD,), targets=(target,))  # type: ignore[arg-type]
    stage.calls(body=b"").b(200, body=answer)

    assert is_secure(speech(stage, Side.CALLER)) is is_sealed


def test_a_target_of_srtp_is_offered_srtp_where_the_caller_offers_nothing() -> None:
    """The offer is ours then, and as the target's setting says."""
    target = dataclasses.replace(PBX, srtp="require")
    stage = Stage(targets=(target,)).calls(body=b"")

    assert b"m=audio" in stage.request_to_b().body
    assert is_secure(speech(stage, Side.CALLEE))


@pytest.mark.parametrize(
    ("target", "offer", "answer"),
    [("never", SEALED, ANSWER), ("require", OFFER, SEALED_ANSWER)],
)
def test_each_side_keeps_its_own_kind_of_media_when_the_other_one_holds(
    target: str, offer: bytes, answer: bytes
) -> None:
    """Else a carrier that never had a key is sent one, and refuses the hold with 488."""
    pbx = dataclasses.replace(PBX, srtp=target)  # type: ignore[type-var]  # one of its words
    stage = talking(Stage(routes=(UNTOLD,), targets=(pbx,)), offer, answer)
    before = speech(stage, Side.CALLEE).protocol
    stage.a_inside(b"INVITE", 2, body=later(offer, "sendonly")).then("b: INVITE")
    asked = stage.request_to_b().body
    stage.b(200, body=later(answer, "recvonly")).then("b: ACK", "a: 200 INVITE")

    assert b"m=audio %d %s " % (speech(stage, Side.CALLEE).port, before) in asked
    assert (b"a=crypto" in asked) is (target == "require")


@pytest.mark.parametrize(("source", "offer"), [(SECRET, OFFER), (OPEN, SEALED)])
def test_who_takes_a_place_may_offer_no_more_than_who_calls(source: object, offer: bytes) -> None:
    """INVITE with Replaces is no way round the setting."""
    first = SEALED if source is SECRET else OFFER
    answer = SEALED_ANSWER if source is SECRET else ANSWER
    stage = talking(Stage(source=source, routes=(UNTOLD,)), first, answer)  # type: ignore[arg-type]
    told = stage.answer_to_a()
    named = b"%s;to-tag=%s;from-tag=caller" % (told.call_id, told.to_address.tag)
    charlie = Phone(stage, "c")
    charlie.calls((b"Replaces", named), body=offer.replace(b"192.0.2.1", b"192.0.2.28"))

    assert charlie.response().status == 488


def flags(stage: Stage) -> list[str]:
    """The flags of the recording."""
    return [each.flag for each in stage.events(Flagged)]


def over_tls(offer: bytes, source: object = TRUNK) -> Stage:
    """The caller's INVITE over TLS; the callee is called over UDP."""
    stage = Stage(source=source, routes=(UNTOLD,))  # type: ignore[arg-type]
    stage.hears(from_caller(b"INVITE", body=offer, kind=SDP[1]), TLS)
    return stage


def test_keys_over_tls_are_nobody_elses() -> None:
    """A callee in the clear without a key; no flag."""
    plain = Target(name="pbx", uri="sip:192.0.2.30", srtp="never")
    stage = over_tls(SEALED, OPEN)
    stage = Stage(source=OPEN, routes=(UNTOLD,), targets=(plain,))
    stage.hears(from_caller(b"INVITE", body=SEALED), TLS)
    stage.b(200, body=ANSWER)
    acknowledged(stage, TLS)

    assert flags(stage) == []


def test_keys_of_the_callee_in_the_clear_are_flagged_too() -> None:
    """The caller's are behind TLS; who listens before the callee has the callee's."""
    stage = over_tls(SEALED)
    stage.b(200, body=SEALED_ANSWER)
    acknowledged(stage, TLS)

    assert flags(stage) == ["keys_in_clear"]


def acknowledged(stage: Stage, flow: Flow) -> None:
    """The caller's ACK."""
    tag = stage.answer_to_a().to_address.tag
    stage.hears(from_caller(b"ACK", to_tag=tag), flow)
