"""The prompts that come in the package: their names, wordings and files.

Knows nothing of routes; `README.md` beside it says where the files come from.
"""

from pathlib import Path
from typing import Final

from capture.prompts.prompt import Prompt, prompt_at

FOLDER: Final = Path(__file__).parent
# By name: the language, and what is said. The file is called as the prompt.
WORDINGS: Final = {
    "notice-ja": (
        "ja",
        "この通話は、応対品質の向上と、お問い合わせ内容の確認のため、録音させていただきます。",
    ),
    "notice-en": (
        "en",
        "This call is recorded, to improve our service and to confirm what was said.",
    ),
    "notice-outbound-ja": (
        "ja",
        "こちらからおかけしているこのお電話は、応対品質の向上と、お話の内容の確認のため、"
        "録音させていただきます。",
    ),
    "notice-outbound-en": (
        "en",
        "This call from us is recorded, to improve our service and to confirm what was said.",
    ),
    "notice-refusal-ja": (
        "ja",
        "この通話は、応対品質の向上と、お問い合わせ内容の確認のため、録音させていただきます。"
        "録音を希望されない場合は、9を押してください。",
    ),
    "notice-refusal-en": (
        "en",
        "This call is recorded, to improve our service and to confirm what was said. "
        "If you do not want to be recorded, press 9.",
    ),
}


def built_in_prompts() -> tuple[Prompt, ...]:
    """All of them, in the order in which they are shown."""
    return tuple(
        prompt_at(FOLDER / f"{name}.flac", name=name, language=language, text=text)
        for name, (language, text) in WORDINGS.items()
    )
