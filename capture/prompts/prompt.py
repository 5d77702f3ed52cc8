"""A prompt: an audio file that is played, its wording, and the digest that stands for both.

Pure values but for the one function that reads a file to name it. Knows nothing of codecs.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capture.prompts.sound import read_file, sha256_of

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """`sha256` is that of the file's bytes, in hexadecimal: the evidence names a wording by it."""

    name: str
    language: str
    text: str
    sha256: str
    path: Path

    def __post_init__(self) -> None:
        assert self.name
        assert _SHA256.fullmatch(self.sha256)


def prompt_at(path: Path, *, name: str, language: str, text: str) -> Prompt:
    """The prompt that a file is now. Raises `SoundUnreadable` or `OSError`."""
    digest = sha256_of(read_file(path))
    return Prompt(name=name, language=language, text=text, sha256=digest, path=path)
