"""The archive as a whole: verified."""

import pytest

from archive.errors import KeyUnavailable
from rokuon.compose.keeper import recover
from rokuon.compose.records import is_archive_empty, verify_archive
from rokuon.config.load import parse
from tests.rokuon.installation import Installation, installation


def test_a_whole_archive_is_verified_part_by_part(site: Installation) -> None:
    """Each part once, each told to who watches."""
    steps: list[tuple[int, int]] = []

    checked, damaged = verify_archive(site.config, lambda done, total: steps.append((done, total)))

    assert (checked, damaged) == (1, [])
    assert steps == [(1, 1)]
    assert not is_archive_empty(site.config)


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

        checked, damaged = verify_archive(made.config, lambda *_: None)

    words = sorted(str(row["damage"]).split(":")[0] for row in damaged)
    assert checked == 2
    assert words == ["FileNotFoundError", "SegmentDamaged"]


def test_without_keys_nothing_is_verified(site: Installation) -> None:
    """`0 damaged` would be a lie."""
    elsewhere = site.folder / "none"
    text = f'[keys]\npath = "{elsewhere}"\n[node]\ndata = "{site.config.node.data}"'

    with pytest.raises(KeyUnavailable):
        verify_archive(parse(text, name="-", base=site.folder), lambda *_: None)
