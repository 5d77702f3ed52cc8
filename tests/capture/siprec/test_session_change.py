"""What a recording client changes while a call is up, and calls that begin without an offer."""

import pytest

from archive.call.events import StreamAdded, StreamChanged, StreamRemoved
from capture.recording import session as steps
from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.stage import (
    HELD,
    METADATA,
    MIXED,
    OFFER,
    PAIRS,
    SDP,
    SIPREC,
    Stage,
    described,
    invite,
    mixed,
    request,
    said,
    talking,
)

RS_METADATA = (b"Content-Type", b"application/rs-metadata+xml")
THREE = OFFER + stream(label=b"98", port=6004)
ONE = HEAD + stream(label=b"96") + b"m=audio 0 RTP/AVP 0\r\na=label:97\r\n"
SECURE = HEAD + b"m=audio 6000 RTP/SAVP 0\r\n" + b"m=audio 6002 RTP/SAVP 0\r\n"
PARTIAL = METADATA.replace(b"complete", b"partial")


def media_lines(stage: Stage) -> list[bytes]:
    """The m-lines of the last answer."""
    return [line for line in stage.answers()[-1].body.splitlines() if line[:2] == b"m="]


# -- changes -------------------------------------------------------------------------------------


def test_hold_and_resume_are_answered_and_noted(stage: Stage) -> None:
    """Whoever listens sees why there is silence; the ports stay."""
    ports = media_lines(talking(stage))
    stage.until(10.0).inside(b"INVITE", 2, SDP, body=HELD).then("Listen 0", "200 INVITE", "Record")
    assert stage.session.liveness.held_since_us == stage.now.us
    assert stage.answers()[-1].body.count(b"a=inactive") == 2

    stage.inside(b"ACK", 2).until(20.0).inside(b"INVITE", 3, SDP, body=OFFER)
    assert (stage.session.liveness.held_since_us, stage.session.liveness.resumed_us) == (
        0,
        stage.now.us,
    )
    assert stage.answers()[-1].body.count(b"a=recvonly") == 2

    changes = [each.direction for each in stage.events() if isinstance(each, StreamChanged)]
    assert changes == ["inactive", "inactive", "recvonly", "recvonly"]
    assert media_lines(stage) == ports


def test_a_stream_that_joins_gets_a_pair_of_its_own(stage: Stage) -> None:
    """A third party: the worker hears of it as it was asked."""
    talking(stage).inside(b"INVITE", 2, SDP, body=THREE).then("Listen 1", "200 INVITE", "Record")

    assert len({each.pair for each in stage.records()[-1].streams}) == 3
    assert sum(isinstance(each, StreamAdded) for each in stage.events()) == 3


def test_a_stream_that_leaves_is_answered_with_port_0(stage: Stage) -> None:
    """Its pair stays with the call until the end: late packets land nowhere else."""
    talking(stage).inside(b"INVITE", 2, SDP, body=ONE).then("Listen 0", "200 INVITE", "Record")

    assert [line.split()[1] == b"0" for line in media_lines(stage)] == [False, True]
    assert len(stage.records()[-1].streams) == 1
    assert sum(isinstance(each, StreamRemoved) for each in stage.events()) == 1
    assert stage.ports.free() == PAIRS - 2


def test_an_unusable_offer_leaves_the_call_as_it_was(stage: Stage) -> None:
    """RFC 3261 §14.2: 488, and what was agreed before goes on — so does the recording."""
    before = talking(stage).session
    stage.inside(b"INVITE", 2, SDP, body=SECURE).then("488 INVITE")

    assert stage.session == before


def test_a_stream_for_which_there_is_no_pair_is_refused_and_the_call_goes_on(stage: Stage) -> None:
    """A full node never drops a call that it has."""
    many = OFFER + b"".join(stream(label=b"%d" % each) for each in range(9))
    before = talking(stage).session
    stage.inside(b"INVITE", 2, SDP, body=many).then("503 INVITE")

    assert stage.session == before
    assert stage.ports.free() == PAIRS - 2


@pytest.mark.parametrize("body", [b"v=1", described(b"m=")], ids=["SDP", "multipart"])
def test_a_broken_change_is_refused_and_the_call_goes_on(stage: Stage, body: bytes) -> None:
    """The client may repair it."""
    kind = SDP if body == b"v=1" else MIXED
    talking(stage).inside(b"INVITE", 2, kind, body=body).then("400 INVITE")

    assert stage.server.sessions.live == 1


def test_an_update_with_metadata_alone_is_answered_without_a_description(stage: Stage) -> None:
    """RFC 7866 §9.2: metadata may come by UPDATE; nothing is negotiated by it."""
    talking(stage).inside(b"UPDATE", 2, RS_METADATA, body=PARTIAL).then("200 UPDATE", "Record")

    assert [each.body for each in stage.documents()] == [METADATA, PARTIAL]
    assert stage.messages()[-1].body == b""


def test_an_update_with_an_offer_is_answered_with_ours(stage: Stage) -> None:
    """RFC 3311 §5.2."""
    talking(stage).inside(b"UPDATE", 2, SDP, body=THREE).then("Listen 1", "200 UPDATE", "Record")

    assert stage.messages()[-1].body.count(b"m=audio") == 3


def test_broken_metadata_in_a_change_is_kept_and_flagged(stage: Stage) -> None:
    """What was known before stays in force."""
    before = talking(stage).session.metadata.snapshot
    stage.inside(b"UPDATE", 2, RS_METADATA, body=b"<no").then("200 UPDATE", "Record")

    assert stage.session.metadata.snapshot == before
    assert "metadata_broken" in stage.flags()


# -- calls that change without end ---------------------------------------------------------------


@pytest.fixture
def worn_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A call that has had all the changes that it may have."""
    talking(stage)
    monkeypatch.setattr(steps, "MAX_EVENTS", len(stage.recording.events))
    return stage


def test_a_call_that_has_changed_too_often_is_refused_more_and_loses_no_pair(
    worn_out: Stage,
) -> None:
    """Each refused change would otherwise take a pair from everybody."""
    worn_out.inside(b"INVITE", 2, SDP, body=THREE).then("503 INVITE")
    worn_out.inside(b"UPDATE", 3, RS_METADATA, body=PARTIAL).then("503 UPDATE")

    worn_out.until(40.0).peer(request(b"BYE", cseq=4, to_tag=worn_out.dialog.local_tag)).closed()
    worn_out.until(80.0)
    worn_out.ports.take(0, worn_out.now.us, [0])
    assert worn_out.reloaded or worn_out.ports.free() == PAIRS


def test_a_call_that_has_changed_too_often_still_ends(worn_out: Stage) -> None:
    """Its end is the one thing that must be kept."""
    worn_out.inside(b"BYE", 2).then("200 BYE", "Record", "Deafen 2", "Close")

    assert worn_out.ends() == ["bye"]


def test_a_silent_call_that_has_changed_too_often_ends_flagged(worn_out: Stage) -> None:
    """Also when nobody hangs up."""
    worn_out.timed_out().then("BYE", "Record", "Deafen 2", "Close")

    assert "no_bye" in worn_out.flags()


def test_documents_without_end_fill_no_memory(stage: Stage) -> None:
    """A worker that comes back is told everything at once, and must be able to take it.

    What no longer fits is left out and flagged once; hold and resume go on.
    """
    talking(stage)
    large = PARTIAL + b"\n" * 900_000
    for cseq in range(2, 8):
        stage.until(40.0 * cseq).inside(b"UPDATE", cseq, RS_METADATA, body=large)
        assert [each for each in map(said, stage.outputs) if "UPDATE" in each] == ["200 UPDATE"]

    assert sum(len(each.payload) for each in stage.recording.events) <= steps.MAX_EVENT_BYTES
    assert stage.flags().count("metadata_incomplete") == 1
    stage.inside(b"INVITE", 8, SDP, body=HELD).then("Listen 0", "200 INVITE", "Record")


def test_an_offer_with_fewer_lines_takes_the_rest_away(stage: Stage) -> None:
    """RFC 3264 §8 forbids it; what is left is recorded, whatever its keys."""
    secure = HEAD + b"".join(
        b"m=audio %d RTP/SAVP 0\r\na=label:%d\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s\r\n"
        % (6000 + 2 * n, n, b"A" * 40)
        for n in range(2)
    )
    stage.peer(invite(secure)).inside(b"ACK", 1)
    one = secure[: secure.index(b"m=audio 6002")]
    stage.inside(b"INVITE", 2, SDP, body=one).then("Listen 0", "200 INVITE", "Record")

    assert [each.position for each in stage.session.streams] == [0]
    assert sum(isinstance(each, StreamRemoved) for each in stage.events()) == 1
    stage.inside(b"BYE", 3)
    assert len(stage.closes()) == 1


def test_a_line_that_comes_and_goes_keeps_to_the_ports_of_its_call(stage: Stage) -> None:
    """A client that holds by port 0 all day takes no more of them than it began with."""
    talking(stage)
    none = HEAD + stream(port=0, label=b"96") + stream(port=0, label=b"97")
    for cseq in range(2, 4 * PAIRS, 2):
        stage.inside(b"INVITE", cseq, SDP, body=none).inside(b"ACK", cseq)
        assert stage.session.liveness.held_since_us == stage.now.us
        stage.inside(b"INVITE", cseq + 1, SDP, body=OFFER)
        stage.then("Listen 2", "200 INVITE", "Record").inside(b"ACK", cseq + 1)

    assert len(stage.session.pairs) == len(stage.session.streams) == 2


def test_an_answer_that_is_one_event_too_many_ends_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ACK cannot be refused."""
    stage.peer(request(b"INVITE", SIPREC))
    monkeypatch.setattr(steps, "MAX_EVENTS", len(stage.recording.events))

    stage.inside(b"ACK", 1, SDP, body=b"v=1").then()
    assert stage.server.sessions.live == 1


def test_a_missing_acknowledgement_that_is_one_event_too_many_ends_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nobody to tell."""
    stage.peer(invite())
    monkeypatch.setattr(steps, "MAX_EVENTS", len(stage.recording.events))

    stage.until(40.0)
    assert stage.server.sessions.live == 1


# -- without an offer ----------------------------------------------------------------------------


def test_an_invite_without_an_offer_is_offered_two_streams(stage: Stage) -> None:
    """RFC 3261 §13.2.1; its answer comes with the ACK, its labels and formats count."""
    stage.peer(request(b"INVITE", SIPREC)).then("Listen 2", "200 INVITE", "Record")
    assert len(media_lines(stage)) == 2

    answer = HEAD + stream(label=b"96", formats=b"8") + stream(label=b"97", formats=b"8")
    stage.inside(b"ACK", 1, MIXED, body=described(answer)).then("Record")
    assert [each.label for each in stage.session.streams] == ["96", "97"]
    assert [form.encoding for form in stage.session.streams[0].formats] == ["PCMA"]
    assert all(each.party and each.party.participant for each in stage.session.streams)
    assert "media_refused" not in stage.flags()


@pytest.mark.parametrize(
    "answer",
    [b"v=1", HEAD + stream(), HEAD + b"m=video 6000 RTP/AVP 96\r\n" + stream(), b""],
    ids=["unreadable", "a line too few", "another kind", "none"],
)
def test_an_answer_that_is_none_is_flagged_and_the_call_kept(stage: Stage, answer: bytes) -> None:
    """Whatever arrives on the offered ports is still recorded."""
    stage.peer(request(b"INVITE", SIPREC))
    stage.inside(b"ACK", 1, SDP, body=answer).then("Record")

    assert stage.flags().count("media_refused") == 1
    assert len(stage.records()[-1].streams) == 2


def test_metadata_beside_a_missing_answer_is_taken(stage: Stage) -> None:
    """One of two is better than none."""
    stage.peer(request(b"INVITE", SIPREC))
    body = mixed((b"application/rs-metadata+xml", METADATA))
    stage.inside(b"ACK", 1, MIXED, body=body).then("Record")

    assert len(stage.documents()) == 1


def test_a_change_without_an_offer_is_offered_what_we_have(stage: Stage) -> None:
    """The client takes the call off hold by asking us to offer."""
    talking(stage).inside(b"INVITE", 2, SDP, body=HELD).inside(b"ACK", 2)
    stage.inside(b"INVITE", 3).then("Listen 0", "200 INVITE", "Record")
    assert stage.answers()[-1].body.count(b"a=recvonly") == 2

    stage.inside(b"ACK", 3, SDP, body=OFFER).then("Record")
    assert stage.session.liveness.held_since_us == 0


def test_an_acknowledgement_that_says_nothing_changes_nothing(stage: Stage) -> None:
    """The usual one."""
    stage.peer(invite())
    stage.inside(b"ACK", 1).then()
