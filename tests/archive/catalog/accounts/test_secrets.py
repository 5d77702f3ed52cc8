"""Secrets that are shown once."""

import pytest

from archive.catalog.accounts.secrets import (
    CODE_BYTES,
    MAX_SECRET_LENGTH,
    SESSION_BYTES,
    digest_of,
    new_secret,
)


def test_a_secret_is_another_one_each_time_and_found_by_its_digest() -> None:
    """256 bits of a session, 160 of a code that somebody may have to type."""
    made = {new_secret(SESSION_BYTES) for _ in range(100)}

    assert len(made) == 100
    assert {len(each) for each in made} == {43}
    assert len(new_secret(CODE_BYTES)) == 27
    for each in made:
        assert digest_of(each) == digest_of(each)
        assert digest_of(each) != digest_of(each + "x")


@pytest.mark.parametrize("text", ["", "\ud800", "é", "x" * 10_000_000])
def test_whatever_a_client_sends_has_a_digest(text: str) -> None:
    """A cookie can hold anything; no more of it is worked on than a secret could have."""
    assert len(digest_of(text)) == 32
    assert digest_of("x" * (MAX_SECRET_LENGTH + 1)) == digest_of("x" * (MAX_SECRET_LENGTH + 2))
