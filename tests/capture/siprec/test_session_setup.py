"""Which calls are taken, and what the rest are answered."""

import dataclasses
import hashlib
from typing import Final

import pytest

from capture.admission.capacity import Full, Vacancy
from capture.peers.password_guesses import FREE
from capture.recording import session as steps
from capture.sip.build import Header
from capture.sip.grammar import find_param, unquote
from capture.sip.headers import parse_credentials
from capture.sip.message import Response
from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.documents import recording
from tests.capture.siprec.stage import (
    CLIENT,
    METADATA,
    MIXED,
    OFFER,
    PAIRS,
    SDP,
    SIPREC,
    WORKERS,
    Stage,
    bare_invite,
    described,
    invite,
    mixed,
    request,
    said,
    talking,
)
from tests.support.siprec.admitting import STRANGER, last_answer

SECURE = HEAD + b"m=audio 6000 RTP/SAVP 0\r\na=label:96\r\n"


# -- which calls it takes ------------------------------------------------------------------------


def test_a_stranger_is_forbidden_should_he_get_this_far(stage: Stage) -> None:
    """The shell already lets nothing of his through; the server does not rely on it."""
    stage.peer(invite(), STRANGER).then("403 INVITE")


@pytest.mark.parametrize(
    "call",
    [
        request(b"INVITE", SIPREC, SDP, body=b"no description"),
        request(b"INVITE", SIPREC, (b"Content-Type", b"multipart/mixed"), body=b"no boundary"),
        request(b"INVITE", SIPREC, MIXED, body=b"--cut\r\nContent-Type: application/sdp"),
    ],
    ids=["SDP", "no boundary", "no end"],
)
def test_a_body_that_cannot_be_taken_apart_is_a_bad_request(stage: Stage, call: bytes) -> None:
    """There is no offer that one could answer."""
    stage.peer(call).then("400 INVITE")


@pytest.mark.parametrize("reason", list(Full))
def test_a_full_node_sends_new_calls_away_whatever_it_lacks(stage: Stage, reason: Full) -> None:
    """503 with a time, so that the client tries another recorder now and us later."""
    stage.full(reason).peer(invite()).then("503 INVITE")

    assert last_answer(stage).value(b"retry-after") == b"10"
    assert stage.ports.free() == PAIRS


def test_without_a_pair_left_a_call_is_sent_away(stage: Stage) -> None:
    """Six pairs of one worker cannot take seven streams."""
    offer = HEAD + b"".join(stream(label=b"%d" % each) for each in range(7))

    stage.peer(invite(offer)).then("503 INVITE")
    assert stage.ports.free() == PAIRS


def test_without_a_worker_a_call_is_sent_away(stage: Stage) -> None:
    """Who answers without anybody to record answers falsely."""
    stage.node.capacity.vacancy = Vacancy(None, ())

    stage.peer(invite()).then("503 INVITE")


# -- metadata ------------------------------------------------------------------------------------


def test_a_call_without_metadata_is_kept_and_flagged(stage: Stage) -> None:
    """What is said matters more than who the document says it is."""
    stage.peer(bare_invite(OFFER, SIPREC)).then("Listen 2", "200 INVITE", "Record")

    assert "metadata_missing" in stage.flags()


def test_a_call_with_broken_metadata_is_kept_with_the_document_as_it_came(stage: Stage) -> None:
    """A later version may be able to read it."""
    broken = b"<recording xmlns='urn:ietf:params:xml:ns:recording:1'><"
    stage.peer(request(b"INVITE", SIPREC, MIXED, body=described(metadata=broken)))

    stage.then("Listen 2", "200 INVITE", "Record")
    assert "metadata_broken" in stage.flags()
    assert [each.body for each in stage.documents()] == [broken]


def test_a_call_that_begins_with_partial_metadata_takes_what_it_says(stage: Stage) -> None:
    """Some clients never send a complete document."""
    partial = METADATA.replace(b"complete", b"partial")
    stage.peer(request(b"INVITE", SIPREC, MIXED, body=described(metadata=partial)))

    stage.then("Listen 2", "200 INVITE", "Record")
    assert stage.flags() == []
    assert all(each.party and each.party.participant for each in stage.session.streams)


def test_the_first_document_of_several_parts_is_taken(stage: Stage) -> None:
    """Two descriptions in one body: the first is the offer."""
    second = HEAD + stream(port=7000)
    body = mixed((b"application/sdp", OFFER), (b"application/sdp", second))

    stage.peer(request(b"INVITE", SIPREC, MIXED, body=body)).then(
        "Listen 2", "200 INVITE", "Record"
    )


# -- OPTIONS -------------------------------------------------------------------------------------


def test_whoever_asks_is_told_what_we_understand(stage: Stage) -> None:
    """Clients ask before they send a call, and again to see whether we are still there."""
    stage.peer(request(b"OPTIONS")).then("200 OPTIONS")

    (answer,) = stage.messages()
    assert b"rs-metadata" in (answer.value(b"accept") or b"")
    assert b"+sip.srs" in (answer.value(b"contact") or b"")


@pytest.mark.parametrize("reason", list(Full))
def test_whoever_asks_a_full_node_is_told_what_an_invite_would_be(
    stage: Stage, reason: Full
) -> None:
    """RFC 3261 §11.2: a dispatcher that asks sends its calls elsewhere, and comes back later."""
    talking(stage).full(reason)

    stage.peer(request(b"OPTIONS", cseq=7)).then("503 OPTIONS")
    assert isinstance(answer := stage.messages()[-1], Response)
    assert answer.value(b"retry-after") == b"10"
    stage.full(None).peer(request(b"OPTIONS", cseq=8)).then("200 OPTIONS")


def test_a_full_node_tells_those_whose_calls_are_up_that_they_go_on(stage: Stage) -> None:
    """Asking inside of a dialog is about that dialog."""
    talking(stage).full(Full.CALLS)

    stage.inside(b"OPTIONS", 2).then("200 OPTIONS")


def test_a_node_without_ports_for_a_call_is_full_for_who_asks(stage: Stage) -> None:
    """The ports of one worker must do for a call, of those that can take one."""
    stage.node.capacity.vacancy = Vacancy(None, (1,))
    grant = stage.ports.take(stage.ports.free() // WORKERS, stage.now.us, [1])
    assert grant is not None

    stage.peer(request(b"OPTIONS")).then("503 OPTIONS")
    stage.ports.give_back(grant.pairs, stage.now.us)
    stage.until(60.0).peer(request(b"OPTIONS", cseq=2)).then("200 OPTIONS")


def test_in_a_dialog_whose_recording_is_over_nobody_is_told_that_it_goes_on(stage: Stage) -> None:
    """Our BYE is on its way; until it is answered the dialog still is, the recording is not."""
    talking(stage).timed_out()

    stage.inside(b"OPTIONS", 2).then("481 OPTIONS")
    stage.inside(b"INVITE", 3, SDP, body=OFFER).then("481 INVITE")


# -- digest ---------------------------------------------------------------------------------------

WORD: Final = "open sesame"
PROVEN: Final = dataclasses.replace(CLIENT, user="sbc", password=WORD)


def authorization(stage: Stage, word: str = WORD) -> Header:
    """What a client answers to the last challenge."""
    challenge = stage.answers()[-1].value(b"www-authenticate") or b""
    nonce = unquote(find_param(parse_credentials(challenge).params, b"nonce") or b"").decode()

    def hashed(*words: str) -> str:
        return hashlib.sha256(":".join(words).encode()).hexdigest()

    response = hashed(
        hashed("sbc", "rokuon", word), nonce, "00000001", "c", "auth", hashed("INVITE", "sip:srs")
    )
    value = (
        f'Digest username="sbc", realm="rokuon", nonce="{nonce}", uri="sip:srs", qop=auth, '
        f'nc=00000001, cnonce="c", algorithm=SHA-256, response="{response}"'
    )
    return b"Authorization", value.encode()


def test_a_source_with_a_user_is_asked_who_it_is() -> None:
    """RFC 3261 §22.2; with the password its call is taken, and no pair was held meanwhile."""
    stage = Stage(source=PROVEN).peer(invite()).then("401 INVITE")
    assert stage.ports.free() == PAIRS
    answered = request(b"INVITE", SIPREC, MIXED, authorization(stage), cseq=2, body=described())

    assert said(stage.peer(answered).outputs[1]) == "200 INVITE"


def test_a_wrong_password_is_refused_and_not_asked_for_again() -> None:
    """The client would send it for ever."""
    stage = Stage(source=PROVEN).peer(invite())
    wrong = authorization(stage, word="Open sesame")
    stage.peer(request(b"INVITE", SIPREC, MIXED, wrong, cseq=2, body=described()))

    stage.then("403 INVITE")


def test_who_guesses_waits_longer_after_each_failure() -> None:
    """Neither is the right one looked at meanwhile, or the answer would tell it."""
    stage = Stage(source=PROVEN).peer(invite())
    wrong, right = authorization(stage, word="guess"), authorization(stage)

    def tried(proof: Header, cseq: int) -> Response:
        stage.peer(request(b"INVITE", SIPREC, MIXED, proof, cseq=cseq, body=described()))
        return last_answer(stage)

    assert {tried(wrong, 2 + n).status for n in range(FREE)} == {403}
    refused = tried(wrong, 20)
    assert (refused.status, refused.value(b"retry-after")) == (503, b"1")
    reasons = {row.reason for rows in stage.ledger._waiting.values() for row in rows}
    assert reasons == {"password"}

    stage.now_s += 1.0
    assert tried(wrong, 22).status == 403
    stage.now_s += 1.5
    assert tried(right, 23).value(b"retry-after") == b"1"
    stage.now_s += 0.5
    assert tried(right, 24).status == 401, "each proof is looked at once"
    assert tried(authorization(stage), 25).status == 200


def test_credentials_that_were_overheard_are_worth_nothing() -> None:
    """Each request counts on; the client that is asked anew answers by itself."""
    stage = Stage(source=PROVEN).peer(invite())
    heard = authorization(stage)
    stage.peer(request(b"INVITE", SIPREC, MIXED, heard, cseq=2, body=described()))
    stage.inside(b"BYE", 3).closed()
    stage.peer(request(b"INVITE", SIPREC, MIXED, heard, cseq=4, body=described()))

    stage.then("401 INVITE")
    assert b"stale=true" in (stage.answers()[-1].value(b"www-authenticate") or b"")


# -- what says too much --------------------------------------------------------------------------


def test_a_document_that_says_more_than_may_be_kept_costs_no_audio(stage: Stage) -> None:
    """It is left out, flagged, and nothing of the ports is lost."""
    offer = HEAD + b"".join(stream(label=b"%d" % n, port=6000 + 2 * n) for n in range(PAIRS // 2))
    members = "".join(f'<participant id="{n}"/>' for n in range(4_200))
    document = recording(f'<session session_id="A"/>{members}')
    stage.peer(request(b"INVITE", SIPREC, MIXED, body=described(offer, document)))

    assert last_answer(stage).status == 200
    assert len(stage.session.streams) == PAIRS // 2
    assert "metadata_incomplete" in stage.flags()
    assert stage.ports.free() == PAIRS // 2


def test_a_call_that_cannot_be_kept_at_all_gives_its_ports_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused like any that comes to a full node, and stands in the ledger."""
    monkeypatch.setattr(steps, "MAX_EVENTS", 2)
    stage.peer(invite()).then("503 INVITE")
    monkeypatch.undo()

    assert not len(stage.server.sessions)
    stage.until(40.0)
    assert stage.ports.could_take(PAIRS // WORKERS, stage.now.us, range(WORKERS))


# -- what is said in a call ----------------------------------------------------------------------


def test_an_info_is_taken_and_one_of_a_package_is_not(stage: Stage) -> None:
    """RFC 6086 §4.2.2 and §5.2: 469 names the packages that we take, which are none."""
    talking(stage).inside(b"INFO", 2, body=b"Signal=5").then("200 INFO")
    stage.inside(b"INFO", 3, (b"Info-Package", b"dtmf")).then("469 INFO")

    told = stage.messages()[-1]
    assert isinstance(told, Response)
    assert told.values(b"recv-info") == [b""]


@pytest.mark.parametrize("method", [b"REFER", b"NOTIFY", b"MESSAGE"])
def test_nobody_can_transfer_or_notify_a_recording_session(stage: Stage, method: bytes) -> None:
    """RFC 3261 §8.2.1: 405 with what is served; the recording goes on."""
    talking(stage).inside(method, 2).then(f"405 {method.decode()}")

    told = stage.messages()[-1]
    assert isinstance(told, Response)
    assert told.values(b"allow") == [b"INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO"]
    assert stage.session.ended is None
