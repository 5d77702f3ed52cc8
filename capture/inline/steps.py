"""What every step of an inline call uses: the prompts that are ready, and what a step gives back.

Pure values. Knows no rule of a call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from capture.inline.call import InlineCall
from capture.inline.commands import Command

Step = tuple[InlineCall, list[Command]]


@dataclass(frozen=True, slots=True)
class Stock:
    """The prepared prompts: (prompt, codec in capitals) → the name of the relay's file."""

    files: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def file(self, prompt: str, encoding: str) -> str:
        """The file in which a prompt can be played in this codec, "" for none."""
        return self.files.get((prompt, encoding.upper()), "")
