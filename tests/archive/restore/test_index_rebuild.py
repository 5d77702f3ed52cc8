"""The index built anew."""

from pathlib import Path

import pytest

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.journal.entries import Entry
from archive.catalog.tables.tenants import ensure_tenant
from archive.disk.archive_place import ArchiveAway
from archive.errors import KeyUnavailable
from archive.format.intake import PAGE_BYTES
from archive.ids import DEFAULT_TENANT
from archive.restore.index_rebuild import Reindexed
from archive.restore.rebuild_keys import REASON
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.records import verify_archive
from rokuon.compose.archive.restore import rebuild_index
from rokuon.config.load import parse
from rokuon.machine.api_client import ApiRefused, Client
from rokuon.messages.error_words import words_of
from tests.own_archive import find_all
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, Piece, events, installation
from tests.support.cli.copies import refused, said
from tests.told import all_told


def entries_of_rebuilds(site: Installation) -> list[Entry]:
    """What the journal says of them."""
    with reading(open_catalog(site.config)) as connection:
        told = [each.entry for each in all_told(connection)]
    return [entry for entry in told if entry.detail.get("what") == REASON]


@pytest.mark.both
def test_the_index_is_the_same_when_it_is_built_from_the_recordings_alone() -> None:
    """A lost catalog loses no call; the journal tells of the rebuild."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        before = find_all(made.config)
        made.lose_catalog()

        assert rebuild_index(made.config, lambda *_: None) == Reindexed(1, [], [], [])

        assert find_all(made.config) == before
        with reading(open_catalog(made.config)) as connection:
            told = all_told(connection)[0]
        own = made.archived()[0].name.partition("-")[0]
        assert (told.entry.action, told.entry.target) == ("verified", own)
        assert verify_archive(made.config, lambda *_: None).openings.findings == []


def test_a_ledger_page_is_one_again_when_the_index_is_built_anew() -> None:
    """Its calls are traced as before."""
    with installation() as made:
        made.put_page(refused("one@x"), said("one@x"))
        recover(made.config)
        before = run_at(made, "calls", "trace", "one@x").output
        made.lose_catalog()

        assert rebuild_index(made.config, lambda *_: None) == Reindexed(1, [], [], [])
        assert "INVITE" in before
        assert run_at(made, "calls", "trace", "one@x").output == before
        assert find_all(made.config) == []


def test_what_was_destroyed_is_left_out_and_named_without_its_key() -> None:
    """A copy of the store was brought back: of what has a tombstone nobody asks for a key."""
    with installation() as made:
        gone = made.put_call()
        made.put_call()
        recover(made.config)
        before = find_all(made.config)
        catalog = open_catalog(made.config)
        with writing(catalog) as connection:
            tenant = ensure_tenant(connection, DEFAULT_TENANT)
            placed = Tombstone(recording=gone, destroyed_us=1, journal=1)
            place_tombstone(connection, tenant, placed)
        built = rebuild_index(made.config, lambda *_: None)

        left = [call for call in before if str(gone) != call["recording"]]
        assert (built.parts, built.damaged) == (1, [])
        assert [str(gone) in name for name in built.left_out] == [True]
        assert (find_all(made.config), len(before)) == (left, 2)
        told = entries_of_rebuilds(made)
        assert [each.target for each in told] == [call["recording"] for call in left]


def test_what_is_lost_is_found_said_and_heard_of_also_when_the_index_is_built_again() -> None:
    """Search shows it, HTTP says 409 and why; the journal has it once."""
    with installation() as made:
        for _ in range(3):
            made.put_call()
        recover(made.config)
        missing, cut, _ = made.archived()
        missing.unlink()
        cut.chmod(0o600)
        cut.write_bytes(cut.read_bytes()[:-1])
        own = {each: each.name.partition("-")[0] for each in (missing, cut)}

        built = [rebuild_index(made.config, lambda *_: None) for _ in range(2)]

        because = [(missing.stem, "missing"), (cut.stem, "damaged")]
        lost = [sorted((str(part.name), part.because) for part in each.lost) for each in built]
        assert lost == [because, because]
        assert [each.parts for each in built] == [1, 1]
        found = {str(call["recording"]): call["state"] for call in find_all(made.config)}
        assert sorted(found.values()) == ["complete", "damaged", "missing"]
        assert (found[own[missing]], found[own[cut]]) == ("missing", "damaged")
        client = Client(path=made.answering())
        codes = []
        for each in (missing, cut):
            with pytest.raises(ApiRefused) as refused:
                client.get(f"/recordings/{own[each]}/audio")
            codes.append((refused.value.status, refused.value.code))
        assert codes == [(409, "recording_missing"), (409, "recording_lost")]
        with reading(open_catalog(made.config)) as connection:
            told = [each.entry for each in all_told(connection)]
        entries = sorted(each.target for each in told if each.action == "part_lost")
        assert entries == [own[missing], own[cut]]


def test_parts_out_of_place_are_named_and_stay_where_they_are() -> None:
    """A rebuild takes no part that the keeper would not."""
    with installation() as made:
        own = made.put_call()
        recover(made.config)
        (first,) = made.archived()
        behind = made.put_part(Piece(recording=own, told=events(), packets=[], number=1))
        path = made.config.archive.path / behind.header.relative_name()
        recover(made.config)
        (kept,) = made.config.spool.path.rglob("*.refused")
        path.write_bytes(kept.read_bytes()[PAGE_BYTES:])

        built = rebuild_index(made.config, lambda *_: None)

        assert (built.parts, [each.name for each in built.damaged]) == (1, [path.stem])
        assert path.exists()
        assert [call["state"] for call in find_all(made.config)] == ["complete"]
        assert first.exists()


def test_a_damaged_part_is_named_and_the_others_are_indexed() -> None:
    """One bad file must not hide all the others."""
    with installation() as made:
        made.put_call()
        made.put_call()
        recover(made.config)
        first = made.archived()[0]
        first.chmod(0o600)
        first.write_bytes(first.read_bytes()[:-1])

        built = rebuild_index(made.config, lambda *_: None)
        parts, damaged = built.parts, built.damaged

    assert parts == 1
    assert [each.name.rpartition("/")[2] for each in damaged] == [first.name]


def test_without_keys_the_index_stays_as_it_is(site: Installation) -> None:
    """Nothing can be read, so nothing is replaced."""
    text = f'[keys]\npath = "{site.folder}/none"\n[node]\ndata = "{site.config.node.data}"'

    with pytest.raises(KeyUnavailable):
        rebuild_index(parse(text, name="-", base=site.folder), lambda *_: None)

    assert len(find_all(site.config)) == 1


def test_without_keys_no_catalog_is_made(tmp_path: Path) -> None:
    """The reason is named before anything is done."""
    config = parse("", name="-", base=tmp_path)
    with pytest.raises(KeyUnavailable):
        rebuild_index(config, lambda *_: None)

    assert not config.catalog_path.exists()


def test_an_archive_that_is_not_mounted_is_neither_lost_nor_damaged() -> None:
    """Rebuild and verify say what to do and change nothing; who knows better may go on."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        before, root = find_all(made.config), made.config.archive.path
        disk = root.rename(made.folder / "disk")
        root.mkdir()

        told = list[ArchiveAway]()
        for command in (rebuild_index, verify_archive):
            with pytest.raises(ArchiveAway) as away:
                command(made.config, lambda *_: None)
            told.append(away.value)
        built = rebuild_index(made.config, lambda *_: None, archive_lost=True)
        (mark,) = root.iterdir()
        mark.unlink()
        root.rmdir()
        disk.rename(root)
        again = rebuild_index(made.config, lambda *_: None)

        for each in told:
            assert "is its disk mounted?" in words_of(each)
        assert (built.parts, len(built.lost)) == (0, 1)
        assert (again.parts, again.lost, find_all(made.config)) == (1, [], before)
