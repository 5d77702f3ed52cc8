"""Titles around a name: さん, 係長, "Mr", "a Ms".

Pure. Knows no names.
"""

import re
from typing import Final

from archive.locate.who.kanji import has_kanji

TITLE_JA: Final = (
    r"(?:さん|さま|様|氏|殿|くん|君|ちゃん|主任|係長|課長|部長|店長|室長|先生|オペレーター)"
)
TITLE_EN: Final = r"(?:(?:mr|mrs|ms|mx|dr|prof|miss|mister|madam)\b\.?\s*)"
_BEFORE: Final = re.compile(rf"^\s*(?:a\s+)?{TITLE_EN}", re.IGNORECASE)
_BEHIND: Final = re.compile(rf"(?:{TITLE_JA}|担当者?)$")


def untitled(text: str) -> str:
    """A name without titles, where a name is left."""
    plain = _BEFORE.sub("", text).strip() or text.strip()
    bare = _BEHIND.sub("", plain).strip()
    return bare if len(bare) > 1 or has_kanji(bare) else plain
