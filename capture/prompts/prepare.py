"""Making prompts and tones ready to be played: a file for each and each codec, in one folder.

Writes what is missing and removes nothing. Knows nothing of calls, or of when anything is played.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

from archive.disk.files import Disk, LocalDisk, publish
from capture.prompts.encoder import PACKET_MS, CannotEncode, EncodedPrompt, encode
from capture.prompts.prompt import Prompt
from capture.prompts.prompt_file import (
    Prompt as PlayedPrompt,
    PromptBroken,
    encode_prompt,
    parse_prompt,
)
from capture.prompts.sound import Sound, SoundUnreadable, read_file, sha256_of, sound_in
from capture.prompts.tones import Tone, sound_of

# Two digests that begin alike in 128 bits are the same digest.
NAME_DIGITS: Final = 32
# No tone reaches 4 kHz: from here every codec is at most a filter away.
TONE_RATE_HZ: Final = 16_000


class PromptChanged(SoundUnreadable):
    """The file is no longer the one whose digest the prompt has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPrompt:
    """What can be played: `name` is that of a prompt or a tone, `encoding` in capitals."""

    name: str
    encoding: str
    path: Path
    whole_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedPrompt:
    """What cannot be played in this codec, and why."""

    name: str
    encoding: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The outcome for every prompt or tone with every codec."""

    ready: tuple[ReadyPrompt, ...]
    failed: tuple[FailedPrompt, ...]

    def file_of(self, played: Prompt | Tone, encoding: str) -> Path | None:
        """The file of a prompt or tone in this codec; two prompts may have one name."""
        wanted = file_name(played, encoding)
        return next((each.path for each in self.ready if each.path.name == wanted), None)

    def whole_ms(self, played: Prompt | Tone) -> int:
        """How long it is played; codecs differ by a packet at most. 0 where it is not ready."""
        names = {file_name(played, each.encoding) for each in self.ready}
        return max((each.whole_ms for each in self.ready if each.path.name in names), default=0)


def file_name(played: Prompt | Tone, encoding: str) -> str:
    """The name of the prepared file in its folder; a tone's digest is that of its samples."""
    if isinstance(played, Prompt):
        digest = played.sha256
    else:
        digest = sha256_of(sound_of(played, TONE_RATE_HZ).samples.tobytes())
    return f"{digest[:NAME_DIGITS]}.{encoding.lower()}"


def prepare(
    played: Iterable[Prompt | Tone],
    encodings: Sequence[str],
    folder: Path,
    disk: Disk | None = None,
) -> Prepared:
    """Write into an existing folder what is not there whole. One process at a time.

    What cannot be made is told, never raised: the calls that need it go another way.
    """
    ready: list[ReadyPrompt] = []
    failed: list[FailedPrompt] = []
    for each in played:
        load = cache(partial(_sound, each))
        for encoding in encodings:
            path = folder / file_name(each, encoding)
            try:
                whole_ms = _written(path, load, encoding, disk or LocalDisk())
            except (CannotEncode, SoundUnreadable, OSError) as error:
                failed.append(FailedPrompt(name=each.name, encoding=encoding, why=str(error)))
            else:
                ready.append(
                    ReadyPrompt(name=each.name, encoding=encoding, path=path, whole_ms=whole_ms)
                )
    return Prepared(ready=tuple(ready), failed=tuple(failed))


def _written(path: Path, load: Callable[[], Sound], encoding: str, disk: Disk) -> int:
    """The file is there, whole; how long it is played."""
    known = _at(path)
    if known is None:
        known = _framed(encode(load(), encoding))
        publish(disk, path, [encode_prompt(known)])
    return known.whole_ms


def _at(path: Path) -> PlayedPrompt | None:
    try:
        return parse_prompt(path.read_bytes())
    except (FileNotFoundError, PromptBroken):
        return None


def _framed(made: EncodedPrompt) -> PlayedPrompt:
    return PlayedPrompt(
        clock_hz=made.clock_hz,
        packet_ms=PACKET_MS,
        stamp_step=made.timestamp_step,
        frames=made.frames,
    )


def _sound(played: Prompt | Tone) -> Sound:
    if isinstance(played, Tone):
        return sound_of(played, TONE_RATE_HZ)
    content = read_file(played.path)
    if sha256_of(content) != played.sha256:
        raise PromptChanged(f"{played.path} has changed since its digest was taken")
    return sound_in(content)
