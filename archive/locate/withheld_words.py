"""Words by which people say that a number was not shown, and why, as patterns of folded texts.

A table. Knows nothing of what is made of them, and of how devices write the same.
"""

from typing import Final

from archive.locate.withheld_numbers import Withheld

# Numbers of other things: 注文番号なし.
_NOT_OF: Final = "".join(
    f"(?<!{each})"
    for each in ("注文", "受付", "契約", "会員", "客様", "管理", "暗証", "録音", "伝票")
)
_NUMBER_JA: Final = rf"(?:発信者|相手|電話)?{_NOT_OF}(?:番号|ナンバー(?:ディスプレイ)?|発番号?)"
_HIDDEN_JA: Final = (
    r"(?:非(?:通知|表示)|不表示|未(?:通知|表示)|(?:通知|表示)(?:設定)?(?:は|が|も|を)?\s*(?:なし"
    r"|無し|な(?:い|かった)|せず"
    r"|さ?れ?(?:ず|ない|なかった|ていな(?:い|かった))|して(?:い)?な(?:い|かった)|オフ)|なし|無し"
    r"|(?:出|で)(?:ず|ない|なかった|ていな(?:い|かった)|さず|さない|してい?な(?:い|かった))|隠"
    r"|伏せ[ぁ-ゖ]?)"
)
_LINK_JA: Final = r"(?:の|を|は|が|に|も)?\s*"
_ID: Final = r"(?:(?:phone |telephone |caller'?s? )?number|caller id|cli\b|\bid\b)"
_HIDDEN_EN: Final = (
    r"(?:withheld|hidden|blocked|private|suppressed|restricted|concealed|undisclosed|anonymous"
    r"|unlisted"
    r"|switched off|turned off|masked|off\b)"
)
_SHOWN: Final = (
    r"(?:show(?:n|ing)?|display(?:ed|ing)?|visible|sent|transmitted|given(?: out)?|presented"
    r"|disclosed"
    r"|come up|appear(?:ed)?|revealed|sending)"
)
_NOT: Final = r"(?:not|never|n't|n’t)"
_BE: Final = (
    r"(?:(?:was|is|were|has been|had been|did|does|do|kept|came up(?: as)?"
    r"|showed(?: up)?(?: as)?)\s?)?"
)
_WHOSE: Final = r"(?:a |the |any |my |his |her |their )?"

WITHHELD: Final[tuple[tuple[str, Withheld], ...]] = (
    (r"公衆(?:電話)?|pay\s?phone|call box|coin phone|phone booth|phone box", Withheld.PAY_PHONE),
    (r"表示圏外|^圏外$|out of area|overseas without", Withheld.OUT_OF_AREA),
    (
        rf"(?:番号)?非通知(?:設定)?|ヒツウチ|{_NUMBER_JA}{_LINK_JA}{_HIDDEN_JA}"
        r"|番号(?:を|は)?(?:出|だ|隠|通知し)(?:さ|して|な)|184(?:を|で|付|つ)|匿名(?:の?(?:通話"
        r"|電話|着信))?"
        r"|(?:private|withheld|blocked|anonymous|hidden|concealed|undisclosed|restricted"
        r"|suppressed|unlisted)"
        r" (?:number|caller(?: id)?|id\b|cli\b)(?:, withheld)?|^private$|^blocked$"
        rf"|{_ID} {_BE}{_HIDDEN_EN}|{_ID} {_BE}\s?{_NOT} (?:being )?{_SHOWN}"
        rf"|{_NOT} (?:show(?:ing)?|display(?:ing)?|give|giving|send(?:ing)?"
        rf"|present(?:ing)?) {_WHOSE}{_ID}"
        rf"|(?:\bno|\bwithout(?: showing)?) {_WHOSE}{_ID}(?: (?:being )?{_SHOWN})"
        r"|\b(?:no|without)(?: an?)? (?:caller id|cli\b)|without showing (?:the|my|her|his"
        r"|a) number"
        r"|hid(?:den|ing)? (?:my|her|his|their|the) number|withh[eo]ld(?:ing)?(?: (?:my|her|his"
        r"|their|the) number)?"
        r"|(?:showed|shown|came) up (?:as )?(?:private|withheld|blocked|hidden)"
        r"|display (?:said|showed) (?:private|withheld|blocked)|anonymous",
        Withheld.CALLER,
    ),
    (
        rf"番号不明|unknown (?:number|caller)|^unknown$|{_ID} {_BE}un(?:known|available)",
        Withheld.UNKNOWN,
    ),
)
