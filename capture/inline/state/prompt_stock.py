"""The prompts that are ready to be played: their files by codec, and what each of them says.

Pure values. Knows no rule of a call.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec


class PromptWording(msgspec.Struct, frozen=True, kw_only=True):
    """What a prompt says: its name, language, text, and the SHA-256 of its sound file.

    `whole_ms` is how long it is played, 0: that is not known.
    """

    prompt: str
    language: str = ""
    text: str = ""
    sha256: str = ""
    whole_ms: int = 0


UNSAID: Final = PromptWording(prompt="")


@dataclass(frozen=True, slots=True)
class PromptStock:
    """The prompts: (prompt, codec in capitals) → the name of the relay's file; what each says."""

    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    wordings: Mapping[str, PromptWording] = field(default_factory=dict)

    def file(self, prompt: str, encoding: str) -> str:
        """The file in which a prompt can be played in this codec, "" for none."""
        return self.files.get((prompt, encoding.upper()), "")

    def has(self, prompt: str, file: str) -> bool:
        return any(each == file for (name, _), each in self.files.items() if name == prompt)

    def only(self, names: Collection[str]) -> "PromptStock":
        """The prompts of these names alone."""
        return PromptStock(
            {key: file for key, file in self.files.items() if key[0] in names},
            {name: said for name, said in self.wordings.items() if name in names},
        )

    def under(self, above: "PromptStock") -> "PromptStock":
        """With the prompts of another one in the place of ours of the same names."""
        names = {name for name, _ in above.files}
        files = {key: file for key, file in self.files.items() if key[0] not in names}
        return PromptStock({**files, **above.files}, {**self.wordings, **above.wordings})

    def wording(self, prompt: str) -> PromptWording:
        return self.wordings.get(prompt) or PromptWording(prompt=prompt)
