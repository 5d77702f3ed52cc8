"""The format of a backup set, cut and changed wherever it can be."""

import secrets
from pathlib import Path

import pytest

from archive.backup.errors import SetDamaged
from archive.backup.sealed import (
    AAD_BYTES,
    PARAMETERS,
    SetKey,
    SetKind,
    SetLead,
    read_lead,
    settle_set,
    unseal,
    write_draft,
)
from archive.disk.files import LocalDisk
from archive.format.floe import HEADER_BYTES

KEY = secrets.token_bytes(32)
FULL = PARAMETERS.plaintext_bytes


def sealed(folder: Path, content: bytes) -> Path:
    source, path = folder / "content", folder / "a.rkb"
    source.write_bytes(content)
    lead = SetLead(kind=SetKind.CATALOG, epoch=17, made_us=5, size=len(content))
    key = SetKey(opened=bytearray(KEY), wrapped=bytes(60))
    write_draft(LocalDisk(), path, source, lead, key)
    settle_set(LocalDisk(), path)
    return path


@pytest.mark.parametrize("size", [0, 1, FULL - 1, FULL, FULL + 1, 3 * FULL])
def test_what_goes_in_comes_out(tmp_path: Path, size: int) -> None:
    """Around every border of a segment."""
    content = secrets.token_bytes(size)
    lead = unseal(sealed(tmp_path, content), KEY, tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == content
    assert (lead.kind, lead.epoch, lead.made_us) == (SetKind.CATALOG, 17, 5)


@pytest.mark.parametrize(
    "left", [0, 31, 40, AAD_BYTES, AAD_BYTES + HEADER_BYTES, 60_000, AAD_BYTES + 74 + 65_536]
)
def test_a_set_that_is_cut_is_found_out(tmp_path: Path, left: int) -> None:
    """Also where the cut leaves whole segments: the last one says that it is the last."""
    path = sealed(tmp_path, bytes(2 * FULL))
    path.write_bytes(path.read_bytes()[:left])

    with pytest.raises(SetDamaged):
        unseal(path, KEY, tmp_path / "back")


def test_what_follows_the_end_is_found_out(tmp_path: Path) -> None:
    """A set is a file, and the whole of it."""
    path = sealed(tmp_path, bytes(FULL))
    path.write_bytes(path.read_bytes() + path.read_bytes()[AAD_BYTES + HEADER_BYTES :])

    with pytest.raises(SetDamaged):
        unseal(path, KEY, tmp_path / "back")


def test_the_lead_is_bound_to_the_content(tmp_path: Path) -> None:
    """Another epoch or kind on the outside opens nothing."""
    path = sealed(tmp_path, b"content")
    whole = bytearray(path.read_bytes())
    whole[11] = SetKind.KEYSTORE
    path.write_bytes(whole)

    assert read_lead(path)[0].kind is SetKind.KEYSTORE
    with pytest.raises(SetDamaged):
        unseal(path, KEY, tmp_path / "back")


def test_another_file_is_no_set(tmp_path: Path) -> None:
    """Said at once, by name."""
    (tmp_path / "x").write_bytes(b"SQLite format 3\0" * 10)

    with pytest.raises(SetDamaged):
        read_lead(tmp_path / "x")
