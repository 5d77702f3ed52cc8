"""Recordings of before: a rebuild reads what their documents and messages mention."""

from msgspec.structs import replace
from sqlalchemy import select, text

from archive.access.query import Clue, MarkClue, PhoneClue, SearchQuery
from archive.call.events import (
    CallOpened,
    CommunicationSessionKnown,
    Event,
    MetadataReceived,
    SipMessage,
    encode_event,
)
from archive.call.mentions import READ_ANEW, READ_FORM, Mention, Mentioned
from archive.catalog.database.engine import reading, writing
from archive.catalog.tables.catalog import journal, mention, recording
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.mentions_read import read_anew
from rokuon.compose.archive.records import verify_archive
from rokuon.compose.archive.restore import rebuild_index
from tests.archive.reading.scenes import START_US
from tests.capture.siprec.documents import recording as document
from tests.rokuon.installation import Installation, events, installation
from tests.support.catalog.packed import change_events
from tests.support.catalog.search import ALWAYS, ask

KNOWN = CommunicationSessionKnown(at_us=START_US, communication_session="s")
DOCUMENT = MetadataReceived(
    at_us=START_US,
    content_type="application/rs-metadata+xml",
    is_complete=True,
    body=document(
        '<session session_id="s"><x xmlns="urn:v"><acd>Sales</acd><dnis>4711</dnis></x></session>'
    ),
)
INVITE = (
    b"INVITE sip:rec@example SIP/2.0\r\nCall-ID: one@example\r\nTo: <sip:rec@example>\r\n"
    b"From: <sip:pbx@example>;tag=a\r\nDiversion: <sip:0312340000@pbx.example>\r\n\r\n"
)
SAID = SipMessage(
    at_us=START_US, is_received=True, transport="udp", local="a:1", remote="b:2", data=INVITE
)
FOUND = [
    ("redirected_by", "sip:0312340000@pbx.example", ""),
    ("dialled", "sip:0312340000@pbx.example", ""),
    ("queue", "", "Sales"),
    ("dialled", "4711", ""),
]


def told(mentioned: Mentioned | None) -> list[tuple[str, str, str]]:
    assert mentioned is not None
    return [(each.told_as, each.address, each.name) for each in mentioned.mentions]


def test_documents_and_messages_tell_what_they_would_tell_today() -> None:
    """By the same rules, in the order of headers and elements."""
    assert told(read_anew([*events(), KNOWN, DOCUMENT, SAID])) == FOUND


def test_what_capture_has_read_is_not_read_again() -> None:
    """Nor a page of the ledger, nor what has lost its begin."""
    read = Mentioned(at_us=START_US, mentions=(), by="headers")

    assert read_anew([*events(), read, DOCUMENT]) is None
    assert read_anew([DOCUMENT, SAID]) is None


def test_what_cannot_be_read_costs_the_rest_nothing() -> None:
    """A broken document and a broken message stand in many recordings."""
    broken = MetadataReceived(at_us=START_US, content_type="", body=b"<a", problem="broken")
    torn = SipMessage(
        at_us=START_US, is_received=True, transport="udp", local="", remote="", data=b"\xff\r\n"
    )

    assert told(read_anew([*events(), KNOWN, broken, DOCUMENT, torn, SAID])) == FOUND


def test_of_an_inline_call_the_first_invite_and_its_answer_are_read() -> None:
    """Requests in the dialog name who moved meanwhile: that is in the events of before."""
    opened, *others = events()
    assert isinstance(opened, CallOpened)
    inline = [opened_inline(opened), *others]
    answer = SipMessage(
        at_us=START_US, is_received=True, transport="udp", local="", remote="",
        data=b"SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\nP-Asserted-Identity: <tel:2009>\r\n\r\n",
    )  # fmt: skip

    found = told(read_anew([*inline, SAID, answer]))
    assert ("dialled", "sip:rec@example", "") in found
    assert ("connected", "tel:2009", "") in found


def opened_inline(opened: CallOpened) -> Event:
    """The same begin of a call that passes us."""
    return replace(opened, mode="inline")


def kept_mentions(site: Installation) -> list[tuple[str, str]]:
    with reading(open_catalog(site.config)) as connection:
        rows = connection.execute(select(mention.c.told_as, mention.c.text)).all()
    return sorted({(row.told_as, row.text) for row in rows})


def test_a_rebuild_finds_what_was_kept_and_the_journal_has_its_digest() -> None:
    """Until then nobody finds it; afterwards everything is as it should be, twice over."""
    with installation() as site:
        site.put_call(KNOWN, DOCUMENT, SAID)
        recover(site.config)
        assert kept_mentions(site) == []
        for _ in range(2):
            rebuild_index(site.config, lambda *_: None)
            assert verify_archive(site.config, lambda *_: None).findings == []
        assert ("queue", "Sales") in kept_mentions(site)
        assert ("dialled", "4711") in kept_mentions(site)
        with reading(open_catalog(site.config)) as connection:
            assert connection.scalar(select(recording.c.read_form)) == READ_FORM
            actions = connection.scalars(text("SELECT action FROM journal")).all()
        assert list(actions).count("mentions_read") == 1


def test_what_was_read_anew_and_is_changed_afterwards_is_found_by_verify() -> None:
    """No file bears it out: the entry of the journal does."""
    with installation() as site:
        site.put_call(KNOWN, DOCUMENT, SAID)
        recover(site.config)
        rebuild_index(site.config, lambda *_: None)
        other = Mentioned(
            at_us=START_US, mentions=(Mention(told_as="queue", name="X"),), by="read_anew"
        )
        with writing(open_catalog(site.config)) as connection:
            change_events(connection, lambda told: {**told, READ_ANEW: encode_event(other)})
        faults = {
            (each.fault.name, each.detail)
            for each in verify_archive(site.config, lambda *_: None).findings
        }

    assert ("EVENTS_DIFFER", str(READ_ANEW)) in faults


def pages(site: Installation, *clues: Clue) -> list[tuple[int, int]]:
    """How many each clue finds, and how many recordings it says were not read anew."""
    engine = open_catalog(site.config)
    asked = [ask(engine, SearchQuery(window=ALWAYS, clues=(each,))) for each in clues]
    return [(len(page.found), page.unread) for page in asked]


def test_who_searches_is_told_what_was_not_read_until_a_rebuild_with_keys_finds_it() -> None:
    """Of a recording of today there is nothing to read; each that is read has its entry."""
    clues = PhoneClue.parse("4711", "JP"), PhoneClue.parse("0312340000", "JP")
    with installation() as site:
        old = site.put_call(KNOWN, DOCUMENT, SAID)
        new = site.put_call(Mentioned(at_us=START_US, mentions=(), by="headers"))
        recover(site.config)
        assert pages(site, *clues) == [(0, 1), (0, 1)]
        rebuild_index(site.config, lambda *_: None)
        assert pages(site, *clues) == [(1, 0), (1, 0)]
        assert pages(site, MarkClue("queue", "Sales"))[0][0] == 1
        with reading(open_catalog(site.config)) as connection:
            rows = connection.execute(
                select(journal.c.action, journal.c.target).where(
                    journal.c.action.in_(("verified", "mentions_read"))
                )
            )
            entries = sorted(tuple(row) for row in rows)

    assert entries == sorted(
        [("verified", str(old)), ("verified", str(new)), ("mentions_read", str(old))]
    )
