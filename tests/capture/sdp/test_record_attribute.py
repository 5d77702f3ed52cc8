"""What descriptions say of recording."""

import pytest

from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description
from capture.sdp.record_attribute import (
    Indication,
    Preference,
    differs_in_nothing_else,
    indicated,
    indicating,
    indication_in,
    preference_in,
)


def described(*of_line: str, session: str = "", version: int = 1) -> SessionDescription:
    """One audio line with these attributes, and one of the session."""
    head = f"v=0\r\no=- 7 {version} IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    of_session = f"a={session}\r\n" if session else ""
    lines = "".join(f"a={each}\r\n" for each in of_line)
    return parse_description(f"{head}{of_session}m=audio 4000 RTP/AVP 0\r\n{lines}".encode())


@pytest.mark.parametrize(
    ("description", "said"),
    [
        (described("record:on"), Indication.ON),
        (described("record:Paused "), Indication.PAUSED),
        (described(session="record:off"), Indication.OFF),
        (described("record:on", session="record:off"), Indication.ON),
        (described("record:maybe"), Indication.NONE),
        (described("record"), Indication.NONE),
        (described(), Indication.NONE),
    ],
    ids=["line", "case", "session", "line before session", "unknown", "no value", "nothing"],
)
def test_an_indication_is_of_the_line_or_of_the_session(
    description: SessionDescription, said: Indication
) -> None:
    """RFC 7866 section 7.1.2: both are allowed."""
    assert indication_in(description, description.media[0]) is said


@pytest.mark.parametrize("word", ["on", "off", "pause", "nopreference"])
def test_each_preference_is_known_by_its_word(word: str) -> None:
    """RFC 7866 section 7.1.3."""
    description = described(f"recordpref:{word}")

    assert preference_in(description, description.media[0]) == word


@pytest.mark.parametrize("word", ["paused", "", "\xff"])
def test_a_preference_that_nobody_knows_is_none(word: str) -> None:
    """`paused` is a word of `a=record`."""
    description = described(f"recordpref:{word}")

    assert preference_in(description, description.media[0]) is Preference.NONE


def test_who_has_described_nothing_has_said_nothing() -> None:
    """Neither of recording."""
    assert indication_in(None, None) is Indication.NONE
    assert preference_in(None, None) is Preference.NONE
    assert indicating(Indication.NONE) == ()


def test_another_word_is_another_version_and_the_same_word_is_none() -> None:
    """RFC 3264 section 8: the version counts changes."""
    ours = described("ptime:20", "record:off")
    later = indicated(ours, 0, Indication.ON)

    assert indication_in(later, later.media[0]) is Indication.ON
    assert later.media[0].value(b"ptime") == b"20"
    assert later.origin is not None
    assert later.origin.version == b"2"
    assert indicated(later, 0, Indication.ON) == later


@pytest.mark.parametrize(
    ("one", "two", "is_all"),
    [
        (described(), described("recordpref:off", version=2), True),
        (described(session="recordpref:on"), described("recordpref:off", version=2), True),
        (described(), described("recordpref:off", "sendonly", version=2), False),
        (described("recordpref:off"), described("recordpref:off", version=2), False),
        (described(), described(version=2), False),
    ],
    ids=["new", "elsewhere", "with a hold", "the same", "nothing"],
)
def test_what_is_only_about_recording_is_told_from_other_changes(
    one: SessionDescription, two: SessionDescription, is_all: bool
) -> None:
    """A hold that comes along is the other side's business."""
    assert differs_in_nothing_else(one, two) is is_all
