"""Sets of the catalog: made while it is in use, and cleared away with their epoch."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.backup.catalog_set import (
    check_catalog_set,
    clear_leftovers,
    delete_outdated,
    make_catalog_set,
    stored_sets,
)
from archive.backup.errors import SetDamaged
from archive.backup.sealed import SetKey, SetLead
from archive.catalog.database.schema_revision import HEAD
from tests.archive.catalog.examples import empty_catalog

KEY = bytes(range(32))


@dataclass(slots=True)
class Keys:
    """One key for all sets, of the epoch that it is."""

    epoch: int = 4
    given: list[bytearray] = field(default_factory=list)

    def wrap_set_key(self, made_us: int, size: int) -> tuple[int, SetKey]:  # noqa: ARG002  # as asked
        self.given.append(bytearray(KEY))
        return self.epoch, SetKey(opened=self.given[-1], wrapped=bytes(60))

    def open_set_key(self, lead: SetLead, wrapped: bytes) -> bytearray:  # noqa: ARG002  # as asked
        return bytearray(KEY)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    (tmp_path / "catalog.db").write_bytes(empty_catalog())
    return tmp_path / "catalog.db"


def test_a_set_is_made_read_back_and_alone_in_its_folder(tmp_path: Path, catalog: Path) -> None:
    """The copy in the clear is gone, the key is zeroed."""
    keys = Keys()
    made = make_catalog_set(catalog, tmp_path / "sets", keys, 1_000_000)

    assert [path.name for path in (tmp_path / "sets").iterdir()] == [made.path.name]
    assert check_catalog_set(made.path, bytearray(KEY), tmp_path / "aside") == HEAD
    assert keys.given == [bytearray(32)]


def test_what_is_no_catalog_is_refused(tmp_path: Path, catalog: Path) -> None:
    """A set that is changed on its way is found out."""
    made = make_catalog_set(catalog, tmp_path / "sets", Keys(), 1_000_000)
    content = bytearray(made.path.read_bytes())
    content[-1] ^= 1
    made.path.write_bytes(content)

    with pytest.raises(SetDamaged):
        check_catalog_set(made.path, bytearray(KEY), tmp_path / "aside")
    assert not (tmp_path / "aside").exists()


def test_sets_are_listed_newest_first_and_go_with_their_epoch(
    tmp_path: Path, catalog: Path
) -> None:
    """What nobody can open is only in the way."""
    for epoch in (4, 5):
        make_catalog_set(catalog, tmp_path / "sets", Keys(epoch), epoch * 1_000_000)
    (tmp_path / "sets" / "other.rkb").write_bytes(b"no set")

    assert [each.lead.epoch for each in stored_sets(tmp_path / "sets")] == [5, 4]
    assert delete_outdated(tmp_path / "sets", {4}) == 1
    assert [each.lead.epoch for each in stored_sets(tmp_path / "sets")] == [5]


def test_leftovers_of_a_kill_go(tmp_path: Path) -> None:
    """The whole catalog lies in them in the clear."""
    (tmp_path / ".copy.aside").touch()
    (tmp_path / ".x.rkb.draft").touch()
    clear_leftovers(tmp_path)

    assert not list(tmp_path.iterdir())
