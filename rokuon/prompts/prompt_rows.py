"""Prompts as rows for people and programs: what is measured, what is said, what is wrong.

Reads files. Knows nothing of how rows are written.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capture.prompts.levels import Levels, levels_of
from capture.prompts.prompt import Prompt
from capture.prompts.sound import Sound, SoundUnreadable, read_file, sha256_of, sound_in
from rokuon.prompts.built_in import built_in_prompts
from rokuon.prompts.check import CheckedPrompt, check_prompt, unreadable

Row = dict[str, object]
LIST_COLUMNS: Final = 24
CHECK_COLUMNS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCheck:
    """A checked file, and each finding."""

    file: Row
    findings: list[Row]
    can_be_played: bool


def built_in_rows() -> list[Row]:
    """The prompts that come with Rokuon. Raises `SoundUnreadable` or `OSError`."""
    return [_row(prompt) for prompt in built_in_prompts()]


def checked_file(path: Path) -> ShownCheck:
    """What is to be said of a file. Raises `OSError`."""
    file: Row = {"file": str(path)}
    try:
        content = read_file(path)
    except SoundUnreadable as too_large:
        checked = CheckedPrompt(findings=(unreadable(str(too_large)),), heard=None)
    else:
        file["sha256"] = sha256_of(content)
        checked = check_prompt(content)
    if checked.heard is not None:
        file |= _measured(*checked.heard, CHECK_COLUMNS)
    findings = [dataclasses.asdict(finding) for finding in checked.findings]
    return ShownCheck(file=file, findings=findings, can_be_played=checked.can_be_played)


def _row(prompt: Prompt) -> Row:
    sound = sound_in(read_file(prompt.path))
    levels = levels_of(sound.samples, sound.rate_hz)
    named: Row = {"name": prompt.name, "language": prompt.language, "text": prompt.text}
    return named | {"sha256": prompt.sha256} | _measured(sound, levels, LIST_COLUMNS)


def _measured(sound: Sound, levels: Levels, columns: int) -> Row:
    return {
        "seconds": round(sound.seconds, 2),
        "rate_hz": sound.rate_hz,
        "level_dbov": round(levels.active_dbov, 1),
        "peak_dbov": round(levels.peak_dbov, 1),
        "sketch": sketch(sound.samples, columns),
    }


SHADES: Final = " ▁▂▃▄▅▆▇█"


def sketch(samples: NDArray[np.int16], columns: int) -> str:
    """So many characters, each as high as its part of the sound is loud; the loudest is full."""
    if len(samples) < columns or not samples.any():
        return SHADES[0] * columns
    parts = np.array_split(samples.astype(np.float64), columns)
    sizes = np.array([np.sqrt(np.mean(part * part)) for part in parts])
    heights = np.rint(sizes / sizes.max() * (len(SHADES) - 1)).astype(int)
    return "".join(SHADES[height] for height in heights)
