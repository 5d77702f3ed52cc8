"""Which prompts can be had by name."""

from pathlib import Path

import pytest

from capture.prompts import prompt_cache
from capture.prompts.prompt_cache import PromptCache
from capture.prompts.prompt_file import Prompt, encode_prompt

PROMPT = Prompt(clock_hz=8000, packet_ms=20, stamp_step=160, frames=(b"a" * 160,))


def test_a_prompt_is_read_once(tmp_path: Path) -> None:
    """The hot loop waits for no disk twice."""
    (tmp_path / "notice").write_bytes(encode_prompt(PROMPT))
    cache = PromptCache(tmp_path)
    assert cache.find("notice") == PROMPT
    (tmp_path / "notice").unlink()

    assert cache.find("notice") == PROMPT


@pytest.mark.parametrize("name", ["", ".", "..", ".notice", "../notice", "a/b", "a\\b", "a\0b"])
def test_a_name_reaches_no_other_folder(tmp_path: Path, name: str) -> None:
    """Names come from a configuration, and from a peer's choice of language."""
    (tmp_path / "notice").write_bytes(encode_prompt(PROMPT))
    (tmp_path / "in").mkdir()

    assert PromptCache(tmp_path / "in").find(name) is None


def test_what_is_no_prompt_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, not there, or too long to be read at once."""
    (tmp_path / "broken").write_bytes(b"RIFF")
    (tmp_path / "long").write_bytes(encode_prompt(PROMPT))
    cache = PromptCache(tmp_path)
    assert cache.find("broken") is cache.find("missing") is None
    monkeypatch.setattr(prompt_cache, "MAX_FILE_BYTES", 10)

    assert cache.find("long") is None


def test_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was read first goes."""
    monkeypatch.setattr(prompt_cache, "MAX_KEPT", 2)
    cache = PromptCache(tmp_path)
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(encode_prompt(PROMPT))
        assert cache.find(name) == PROMPT
        (tmp_path / name).unlink()

    assert [cache.find(name) for name in "abc"] == [None, PROMPT, PROMPT]
