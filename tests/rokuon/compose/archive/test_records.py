"""The archive as a whole: verified."""

import pytest

from archive.call.events import StreamKeyed
from archive.catalog.database.engine import reading
from archive.catalog.search.calls import everything
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.verification.faults import Fault
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.records import is_archive_empty, verify_archive
from rokuon.config.load import parse
from tests.archive.reading.scenes import START_US
from tests.rokuon.installation import TALKS, Installation, installation
from tests.support.catalog.packed import unpacked
from tests.support.cli.copies import refused
from tests.support.reading.keyring import crypto


def test_a_whole_archive_is_verified_part_by_part() -> None:
    """Each part once, each told to who watches."""
    steps: list[tuple[int, int]] = []
    with installation() as made:
        made.put_call()
        recover(made.config)

        verified = verify_archive(made.config, lambda done, total: steps.append((done, total)))

        assert (verified.parts, verified.findings, verified.unproved) == (1, [], [])
        assert verified.openings.opened >= 1
        assert steps == [(1, 1)]
        assert not is_archive_empty(made.config)


def test_a_changed_byte_and_a_missing_file_are_found() -> None:
    """Whoever changed it."""
    with installation() as made:
        assert is_archive_empty(made.config)
        made.put_call()
        made.put_call()
        recover(made.config)
        first, second = made.archived()
        content = bytearray(first.read_bytes())
        content[len(content) // 2] ^= 1
        first.chmod(0o600)
        first.write_bytes(content)
        second.unlink()

        verified = verify_archive(made.config, lambda *_: None)

    assert verified.parts == 2
    assert [(each.part, each.fault) for each in verified.findings] == [
        (first.stem, Fault.PART_DAMAGED),
        (second.stem, Fault.FILE_MISSING),
    ]


def test_ledger_pages_are_verified_too() -> None:
    """They are no recordings, and evidence all the same."""
    with installation() as made:
        made.put_page(refused("one@x"))
        made.put_call()
        recover(made.config)
        whole = verify_archive(made.config, lambda *_: None)
        with reading(open_catalog(made.config)) as connection:
            recordings = everything(connection, DEFAULT_TENANT)
        for file in made.archived():
            file.unlink()
        lost = verify_archive(made.config, lambda *_: None)

    assert (whole.parts, whole.findings, len(recordings)) == (2, [], 1)
    assert [each.fault for each in lost.findings] == [Fault.FILE_MISSING] * 2


def test_packets_that_no_key_proves_are_named_and_the_part_is_whole() -> None:
    """The archive keeps what came; that it was forged is no damage."""
    with installation() as made:
        made.put_call(StreamKeyed(at_us=START_US, stream=0, crypto=crypto()))
        recover(made.config)
        verified = verify_archive(made.config, lambda *_: None)

    (unproved,) = verified.unproved
    assert (verified.parts, verified.findings) == (1, [])
    assert len(unproved.packets) == TALKS[0].packets
    assert unproved.packets[0].sequence == TALKS[0].sequence


def test_a_key_is_nowhere_in_the_index() -> None:
    """Who has the index has no voice."""
    with installation() as made:
        made.put_call(StreamKeyed(at_us=START_US, stream=0, crypto=crypto()))
        recover(made.config)
        files = [path.read_bytes() for path in made.folder.rglob("*") if path.is_file()]
    kept = [*files, *map(unpacked, files)]

    assert any(b"stream_keyed" in content for content in kept)
    assert not any(crypto()[-20:].encode() in content for content in kept)


def test_without_keys_nothing_is_verified(site: Installation) -> None:
    """`0 damaged` would be a lie."""
    elsewhere = site.folder / "none"
    text = f'[keys]\npath = "{elsewhere}"\n[node]\ndata = "{site.config.node.data}"'

    with pytest.raises(KeyUnavailable):
        verify_archive(parse(text, name="-", base=site.folder), lambda *_: None)
