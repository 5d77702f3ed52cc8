"""What the prompts that come in the package say, by their names.

Texts alone: whoever only needs the names loads nothing that reads audio.
"""

from typing import Final

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
