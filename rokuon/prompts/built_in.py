"""The prompts that come in the package: their names, wordings and files.

Knows nothing of routes; `README.md` beside it says where the files come from.
"""

from pathlib import Path
from typing import Final

from capture.prompts.prompt import Prompt, prompt_at
from rokuon.prompts.wordings import WORDINGS

FOLDER: Final = Path(__file__).parent


def built_in_prompts() -> tuple[Prompt, ...]:
    """All of them, in the order in which they are shown."""
    return tuple(
        prompt_at(FOLDER / f"{name}.flac", name=name, language=language, text=text)
        for name, (language, text) in WORDINGS.items()
    )
