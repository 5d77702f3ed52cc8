"""Calls of the command line that are taken away: journalled, then written."""

from pathlib import Path

import pytest

from archive.catalog.engine import reading
from archive.errors import KeyUnavailable
from archive.events import CallRefused, SipMessage
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from rokuon.choices import AudioForm
from rokuon.compose.calls import find_calls
from rokuon.compose.catalog import open_catalog
from rokuon.compose.errors import NothingFound
from rokuon.compose.exports import export_call, numbered, trace_call
from rokuon.compose.keeper import recover
from rokuon.config.load import parse
from tests.archive.reading.scenes import START_US
from tests.rokuon.compose.test_calls import TOKYO, query
from tests.rokuon.installation import TALKS, Installation, installation


def actions(site: Installation) -> list[str]:
    """What the journal tells."""
    with reading(open_catalog(site.config)) as connection:
        return [line.entry.action for line in entries(connection, DEFAULT_TENANT)]


def said(call_id: str) -> SipMessage:
    return SipMessage(
        at_us=START_US, is_received=True, transport="udp", local="192.0.2.9:5060",
        remote="192.0.2.1:5060",
        data=f"INVITE sip:s SIP/2.0\r\nFrom: <sip:a>;tag=a\r\nCall-ID: {call_id}\r\n\r\n".encode(),
    )  # fmt: skip


def refused(call_id: str) -> CallRefused:
    return CallRefused(
        at_us=START_US, source="loopback", transport="udp", peer="192.0.2.1", call_id=call_id,
        from_value="<sip:a>;tag=a", to_value="<sip:s>", status=404, reason="no recording session",
    )  # fmt: skip


def test_a_call_that_was_turned_away_is_traced_by_its_call_id() -> None:
    """Its messages stand on a page with those of others, which are not shown."""
    both = (refused("one@x"), refused("two@x"), said("one@x"), said("two@x"), said("two@x"))
    with installation() as made:
        made.put_page(*both)
        recover(made.config)

        lines = trace_call(made.config, "two@x", None)
        assert sum(" INVITE " in line for line in lines) == 2
        with pytest.raises(NothingFound):
            trace_call(made.config, "three@x", None)


@pytest.mark.parametrize("form", list(AudioForm))
def test_every_form_is_written_after_its_journal_entry(
    site: Installation, form: AudioForm, tmp_path: Path
) -> None:
    """No byte of a call without a line that says who took it."""
    call = str(find_calls(site.config, query(), shown_in=TOKYO)[0]["call"])
    before = actions(site).count("exported")

    files = export_call(site.config, call, form, tmp_path / f"call.{form}", lambda *_: None)

    assert [file.stat().st_size > 0 for file in files] == [True]
    assert actions(site).count("exported") == before + 1


def test_the_datagrams_of_an_export_are_those_that_were_sent(
    site: Installation, tmp_path: Path
) -> None:
    """Byte for byte."""
    call = str(find_calls(site.config, query(), shown_in=TOKYO)[0]["call"])
    export_call(site.config, call, AudioForm.PCAP, tmp_path / "c.pcap", lambda *_: None)
    written = (tmp_path / "c.pcap").read_bytes()

    assert all(packet.datagram in written for talk in TALKS for packet in talk.sent())


def test_without_the_key_daemon_nothing_is_exported(site: Installation, tmp_path: Path) -> None:
    """The files alone do not open."""
    text = f'[keys]\npath = "{tmp_path}"\n[node]\ndata = "{site.config.node.data}"'
    blind = parse(text, name="-", base=tmp_path)
    call = str(find_calls(blind, query(), shown_in=TOKYO)[0]["call"])

    with pytest.raises(KeyUnavailable):
        export_call(blind, call, AudioForm.WAV, tmp_path / "c.wav", lambda *_: None)

    assert not (tmp_path / "c.wav").exists()


def test_several_recordings_of_a_call_get_numbered_files() -> None:
    """The first keeps the name that was asked for."""
    assert numbered(Path("a/call.wav"), 3) == (
        Path("a/call.wav"),
        Path("a/call-2.wav"),
        Path("a/call-3.wav"),
    )
    assert numbered(Path("call.wav"), 0) == ()
