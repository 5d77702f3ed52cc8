"""The catalog's URL as it may be shown."""

import pytest

from rokuon.compose.archive.catalog_url import HIDDEN, without_password


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (
            "postgresql://rokuon:s3cret@db.example/rokuon",
            "postgresql://rokuon:***@db.example/rokuon",
        ),
        ("postgresql://db/rokuon?password=s3cret", "postgresql://db/rokuon?password=***"),
        ("sqlite:////var/lib/catalog.db", "sqlite:////var/lib/catalog.db"),
        ("rokuon:s3cret@db", HIDDEN),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    """Who asks for help shows his settings."""
    assert without_password(url) == shown
