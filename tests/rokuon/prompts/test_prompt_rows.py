"""Prompts as rows."""

import hashlib
from pathlib import Path

import pytest

from capture.prompts import sound
from rokuon.prompts.prompt_rows import CHECK_COLUMNS, LIST_COLUMNS, built_in_rows, checked_file
from tests.capture.prompts.voices import sine, wav


def test_a_row_says_how_long_how_loud_and_in_which_words() -> None:
    """What somebody who chooses a notice wants to know."""
    row = next(row for row in built_in_rows() if row["name"] == "notice-ja")

    assert (row["language"], row["level_dbov"], row["rate_hz"]) == ("ja", -20.0, 16_000)
    assert 5 < float(str(row["seconds"])) < 10
    assert "録音させていただきます" in str(row["text"])
    assert len(str(row["sha256"])) == 64
    assert len(str(row["sketch"])) == LIST_COLUMNS


def test_a_checked_file_has_its_digest_and_its_measures(tmp_path: Path) -> None:
    """The digest is what the evidence of calls will name."""
    file = tmp_path / "x.wav"
    file.write_bytes(wav(sine(1_000, -40, 2)))
    checked = checked_file(file)

    assert checked.file["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (checked.file["level_dbov"], checked.file["peak_dbov"]) == (-40.0, -37.0)
    assert len(str(checked.file["sketch"])) == CHECK_COLUMNS
    assert [each["code"] for each in checked.findings] == ["PRM-008"]
    assert checked.can_be_played


def test_a_file_that_is_too_large_is_a_finding_without_a_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A digest of its beginning would be a lie."""
    monkeypatch.setattr(sound, "MAX_FILE_BYTES", 10)
    (tmp_path / "x.wav").write_bytes(bytes(11))
    checked = checked_file(tmp_path / "x.wav")

    assert "sha256" not in checked.file
    assert [each["code"] for each in checked.findings] == ["PRM-001"]
    assert not checked.can_be_played
