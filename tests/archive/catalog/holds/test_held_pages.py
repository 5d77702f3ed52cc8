"""Pages of the ledger that a legal hold means: their keys are held as those of recordings are."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from archive.catalog.database.engine import reading
from archive.catalog.holds import held_pages
from archive.catalog.holds.held_pages import FIRST, hold_pages
from archive.ids import KeyId
from tests.archive.catalog.examples import NOW_US, SECOND_US, adopt
from tests.support.catalog.hold_matches import Site
from tests.support.catalog.ledger import page, refused
from tests.support.hold_scenes import TERMS

BEFORE = page(1, refused(1), refused(2))
# Turned away when the hold had been placed.
LATER = page(2, msgspec.structs.replace(refused(3), at_us=NOW_US + SECOND_US))


def test_a_page_that_comes_is_held_before_the_catalog_has_it(tmp_path: Path) -> None:
    """All its keys; whoever places a hold at that moment sees to its pages himself."""
    site = Site(tmp_path)
    future, past = site.place(), site.place(future=False)
    listed, placing = site.open(TERMS), site.place(state="placing")
    first = replace(BEFORE, is_last=False)
    name = replace(BEFORE.part_name, part=1)
    second = replace(BEFORE, part_name=name, path="2", key_id=KeyId(b"2" * 16))
    site.writer.commit([first])
    site.writer.commit([second])

    assert (
        site.key_client.held[future.id]
        == site.key_client.held[past.id]
        == {first.key_id, second.key_id}
    )
    assert site.key_client.held[listed.id] == site.key_client.held[placing.id] == set()
    assert site.has(future) == {}


def test_what_is_later_than_a_hold_is_held_by_one_for_the_future_alone(tmp_path: Path) -> None:
    """Who did not ask for it is not surprised by a hold that grows."""
    site = Site(tmp_path)
    future, past = site.place(), site.place(future=False)
    site.writer.commit([LATER])

    assert site.key_client.held[future.id] == {LATER.key_id}
    assert site.key_client.held[past.id] == set()


def test_what_is_there_is_held_from_a_place_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many pages there are; the second time only what has come since."""
    monkeypatch.setattr(held_pages, "_AT_ONCE", 2)
    site = Site(tmp_path)
    pages = [page(number, refused(number)) for number in range(1, 6)]
    keyed = [replace(each, key_id=KeyId(bytes([at]) * 16)) for at, each in enumerate(pages)]
    adopt(site.engine, *keyed[:4])
    own = site.place(state="placing")
    with reading(site.engine) as connection:
        behind = hold_pages(connection, 1, own, site.key_client)
    held = set(site.key_client.held[own.id])
    adopt(site.engine, keyed[4])
    site.key_client.held[own.id] = set()
    with reading(site.engine) as connection:
        assert hold_pages(connection, 1, own, site.key_client, behind) > behind > FIRST

    assert held == {each.key_id for each in keyed[:4]}
    assert site.key_client.held[own.id] == {keyed[4].key_id}
