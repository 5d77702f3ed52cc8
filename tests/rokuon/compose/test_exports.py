"""Calls of the command line that are taken away: journalled, then written."""

from pathlib import Path

import pytest

from archive.catalog.engine import reading
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from rokuon.choices import AudioForm
from rokuon.compose.calls import find_calls
from rokuon.compose.catalog import open_catalog
from rokuon.compose.exports import export_call, numbered
from rokuon.config.load import parse
from tests.rokuon.compose.test_calls import TOKYO, query
from tests.rokuon.installation import TALKS, Installation


def actions(site: Installation) -> list[str]:
    """What the journal tells."""
    with reading(open_catalog(site.config)) as connection:
        return [line.entry.action for line in entries(connection, DEFAULT_TENANT)]


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
