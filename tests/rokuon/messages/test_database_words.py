"""What the catalog's database has refused, in words."""

import sqlite3

import pytest
from sqlalchemy.exc import DataError, OperationalError

from archive.catalog.database.schema_revision import CatalogOutdated, CatalogTooOld
from rokuon.messages.database_words import catalog_words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CatalogOutdated("0100"), "the catalog is of another version: 0100"),
        (
            CatalogTooOld("0030"),
            "the catalog was made before the first release, and no step leads from there to this "
            "version: leave it and its keystore to the version that made them, and begin with "
            "folders of their own (docs/how-to/operate/upgrade.md)",
        ),
        (
            OperationalError("SELECT 1", {}, sqlite3.OperationalError("no way")),
            "the catalog's database does not answer (no way); calls are recorded all the same. "
            "See that it runs and that catalog.url leads there: rokuon config show",
        ),
        (
            DataError("SELECT 1", {}, sqlite3.DataError("too long\nDETAIL: 0312345678")),
            "the catalog does not take that: too long",
        ),
        (ValueError("x"), ""),
    ],
)
def test_it_is_said_whether_the_database_is_there(error: Exception, words: str) -> None:
    """And never what was in the row that it refused."""
    assert catalog_words(error) == words
