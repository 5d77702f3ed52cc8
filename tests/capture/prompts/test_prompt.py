"""A prompt as a value."""

import hashlib
from pathlib import Path

import pytest

from capture.prompts.prompt import Prompt, prompt_at
from tests.capture.prompts.voices import sine, wav


def test_a_prompt_is_known_by_the_digest_of_its_file(tmp_path: Path) -> None:
    """Another recording of the same words is another prompt."""
    first, second = tmp_path / "first.wav", tmp_path / "second.wav"
    first.write_bytes(wav(sine(440, -20, 1)))
    second.write_bytes(wav(sine(441, -20, 1)))
    prompts = [prompt_at(path, name="x", language="en", text="X.") for path in (first, second)]

    assert prompts[0].sha256 == hashlib.sha256(first.read_bytes()).hexdigest()
    assert prompts[0].sha256 != prompts[1].sha256


def test_a_prompt_that_is_not_there_is_told_when_it_is_named(tmp_path: Path) -> None:
    """Not when the first caller waits for it."""
    with pytest.raises(FileNotFoundError):
        prompt_at(tmp_path / "gone.wav", name="x", language="en", text="X.")


def test_a_prompt_has_a_whole_digest() -> None:
    """The evidence of a call consists of it."""
    with pytest.raises(AssertionError):
        Prompt(name="x", language="en", text="X.", sha256="abc", path=Path("x.wav"))
