"""Prepared prompts by name: read from a folder once, kept while there is room.

Decides which files may be opened. Knows nothing of who hears a prompt.
"""

from pathlib import Path
from typing import Final

from capture.prompts.prompt_file import Prompt, PromptBroken, parse_prompt

# A node has a handful of notices in a few codecs and languages; a minute of G.711 is 480 kB.
MAX_KEPT: Final = 64
# Ten minutes of G.711 twice over.
MAX_FILE_BYTES: Final = 10 << 20


class PromptCache:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, Prompt] = {}

    def find(self, name: str) -> Prompt | None:
        """The prompt of that name; None where there is none that can be played."""
        known = self._kept.get(name)
        if known is not None or not is_plain_name(name):
            return known
        try:
            found = parse_prompt(self._read(name))
        except (OSError, PromptBroken):
            return None
        if len(self._kept) >= MAX_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[name] = found
        return found

    def _read(self, name: str) -> bytes:
        with (self._folder / name).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise PromptBroken("a prompt is longer than it may be")
        return data


def is_plain_name(name: str) -> bool:
    """Whether it names a file in the folder itself, and no hidden one."""
    return bool(name) and not name.startswith(".") and not set(name) & {"/", "\\", "\0"}
