"""Ledger pages: files of the archive, no recordings."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalog.access.grants import Ask, NotGranted, VerifyGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.calls import everything, stored
from archive.catalog.search.ledger_pages import page_ids, page_of, stored_page
from archive.ids import DEFAULT_TENANT, PageId
from tests.archive.catalog.examples import (
    SECOND_US,
    STARTED_US,
    access,
    adopt,
    adoption,
    new_catalog,
    recording_id,
)
from tests.support.catalog.ledger import page, refused

PAGE = PageId(recording_id(1, STARTED_US + SECOND_US).raw)


def test_a_page_is_none_of_all_recordings(tmp_path: Path) -> None:
    """Whoever destroys what is due would destroy the ledger."""
    engine = new_catalog(tmp_path)
    adopt(engine, page(1, refused(1)), adoption(2))
    with reading(engine) as connection:
        assert everything(connection, DEFAULT_TENANT) == (recording_id(2),)
        assert page_ids(connection, DEFAULT_TENANT) == (PAGE,)


def test_a_page_is_found_by_the_call_id_of_a_call_without_a_recording(tmp_path: Path) -> None:
    """Its SIP messages stand there."""
    engine = new_catalog(tmp_path)
    adopt(engine, page(1, refused(1), refused(2)), page(9, refused(9)))
    with reading(engine) as connection:
        assert page_of(connection, DEFAULT_TENANT, "refused-2") == PAGE
        assert page_of(connection, DEFAULT_TENANT, "nobody") is None


def test_where_a_page_lies_is_told_under_a_grant_for_it(tmp_path: Path) -> None:
    """It is verified and traced as a recording is: the latest generation of each part."""
    engine = new_catalog(tmp_path)
    first = page(1, refused(1))
    name = replace(first.part_name, generation=1)
    adopt(engine, first, replace(first, part_name=name, path="rewritten", sha256=b"r" * 32))
    granted = grant(engine, VerifyGrant, Ask(access=access(), target=PAGE))
    with reading(engine) as connection:
        (part,) = stored_page(connection, PAGE, granted)
        assert (part.name, part.path, part.key_id) == (name, "rewritten", first.key_id)
        with pytest.raises(NotGranted):
            stored_page(connection, PageId(b"o" * 16), granted)
        own = recording_id(1, STARTED_US + SECOND_US)
        as_recording = grant(engine, VerifyGrant, Ask(access=access(), target=own))
        assert stored(connection, own, as_recording) == ()
