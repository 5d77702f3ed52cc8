"""Who takes part, told by hand."""

import pytest

from archive.call.events import StreamPartyKnown
from archive.call.live import Participant, Why
from capture.recording import session as sessions
from capture.recording.party_control import tell
from capture.recording.pause_control import ControlRefused
from tests.capture.siprec.stage import OFFER, SDP, Stage, talking


def told(stage: Stage, **who: str) -> Stage:
    participant = Participant(**who)  # type: ignore[arg-type]  # words of a test
    recording = stage.recording.recording
    return stage._did(tell(stage.node, stage.session, recording, participant, stage.now))


def parties(stage: Stage) -> list[StreamPartyKnown]:
    return [event for event in stage.events() if isinstance(event, StreamPartyKnown)]


def test_who_is_told_of_is_the_party_of_that_side(stage: Stage) -> None:
    """An agent's id takes the place of his extension; a refresh does not undo it."""
    talking(stage)
    told(stage, side="agent", agent="a17", name="田中").then("Record")
    stage.inside(b"INVITE", 2, SDP, body=OFFER)
    last = parties(stage)[-1]

    assert (last.side, last.because, last.names[0].text) == ("agent", "client_said", "田中")
    assert last.aor.startswith("sip:a17@")


def test_an_address_is_taken_as_it_is(stage: Stage) -> None:
    """Whoever tells knows more than SIP."""
    told(talking(stage), side="customer", aor="tel:+81355550100")

    assert parties(stage)[-1].aor == "tel:+81355550100"


def test_without_a_stream_of_that_side_nobody_is_told_of(stage: Stage) -> None:
    """Nobody guesses which one is meant; a full session takes no more."""
    talking(stage)
    session = stage.session
    for stream in session.streams:
        assert stream.party is not None
        party = type(stream.party)(
            at_us=1, stream=stream.stream, participant="", aor="", names=(), side="agent",
            because="first_stream",
        )  # fmt: skip
        later = sessions.msgspec.structs.replace(stream, party=party)
        session = session.with_stream(stream, later)
    stage.node.sessions.keep(session)
    with pytest.raises(ControlRefused, match=Why.NO_SUCH_PARTY):
        told(stage, side="agent", agent="a17")


def test_a_session_that_is_full_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on as it is."""
    talking(stage)
    monkeypatch.setattr(sessions, "MAX_EVENTS", 1)
    with pytest.raises(ControlRefused, match=Why.FULL):
        told(stage, side="agent", agent="a17")
