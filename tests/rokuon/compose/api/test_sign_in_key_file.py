"""The file of the key of signing in."""

from pathlib import Path

import pytest

from rokuon.compose.api.sign_in_key_file import ensure_sign_in_key
from rokuon.messages.errors import IdentityRefused


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """Another one would open no app that anybody has set."""
    file = tmp_path / "api" / "sign-in.key"
    made = ensure_sign_in_key(file)

    assert len(made) == 32
    assert ensure_sign_in_key(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert ensure_sign_in_key(tmp_path / "other" / "sign-in.key") != made


def test_a_key_that_others_can_read_or_that_is_damaged_is_named(tmp_path: Path) -> None:
    """And not replaced."""
    file = tmp_path / "sign-in.key"
    made = ensure_sign_in_key(file)
    file.chmod(0o640)
    with pytest.raises(IdentityRefused):
        ensure_sign_in_key(file)
    file.chmod(0o600)
    file.write_bytes(made[:31])
    with pytest.raises(IdentityRefused):
        ensure_sign_in_key(file)
