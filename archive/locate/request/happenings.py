"""Happenings of a call: "たらい回し", "was kept on hold", "we called back".

Pure. Knows nothing of legs or messages.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.clues import Happened, HappenedClue
from archive.locate.request.found import Found, found_at, without

_CHANGED: Final = (
    r"(?:代わ|替わ|変わ|換わ|かわ|代え|替え)(?:っ(?:た|て(?!い))|り(?:まし)?|ら(?=[なず])|た)?"
)
_WHO_ELSE: Final = r"(?:人|方|担当(?:者)?|部署|係(?:員)?|者|窓口|オペレーター|男性|女性)(?:の方)?"
_ANOTHER: Final = (
    rf"(?:(?:別|他|ほか|違う)の{_WHO_ELSE}|(?:別|他)(?:担当|部署|部門|窓口)|二人目の{_WHO_ELSE}"
    r"|(?:上司|上席|責任者|管理者|スーパーバイザー|SV|専門の?(?:部署|窓口"
    r"|担当(?:者)?))(?:の(?:方|者|人))?)"
)
_TWO_JA: Final = r"(?:[二三2-9]|複数の?|何|数)(?:人|名)?"
_DO_JA: Final = (
    r"(?=\s*(?:は|も|が|を)?\s*(?:あ[りっ]|有|な[しいくか]|無|せず|し[たてな]|され|挟|$))"
)
_JAPANESE: Final[tuple[tuple[Happened, str], ...]] = (
    (
        "transferred",
        r"(?<!郵便の)(?<!郵便)(?<!荷物の)(?<!メールの)(?<!メール)(?:(?:別|他)(?:部署|部門"
        r"|窓口)(?:に|へ)\s*)?転送(?!届|サービス|先住所)"
        r"|たらい(?:回|まわ)し|盥回し|(?:あちこち|いろいろ|何度も)?(?:回さ|まわさ)れ"
        r"|取り?次(?:い|が|ぎ)|取次(?!店|所|業)"
        rf"|{_ANOTHER}(?:に|へ)は?\s*(?:電話を)?(?:{_CHANGED}|つな[ぁ-ゖ]{{0,3}}|繋[ぁ-ゖ]{{0,3}}"
        rf"|回[ぁ-ゖ]{{0,3}}|まわ[ぁ-ゖ]{{0,3}}|なっ[ぁ-ゖ]{{0,2}})"
        rf"|途中(?:で|から)\S{{0,12}}?{_CHANGED}|途中から(?:別|他|ほか"
        rf"|違う)の{_WHO_ELSE}(?:になっ[ぁ-ゖ])?"
        rf"|(?:電話|担当(?:者)?|応対者|対応者)(?:を|が|は)\s*{_CHANGED}"
        r"|(?:に|へ)(?:電話を)?(?:つない|繋い|代わっ|替わっ)(?:で|だ|て|た)"
        rf"|(?:{_ANOTHER}(?:に|へ))?引き?継[いぎが](?!資料|書)|(?:代わ|替わ|変わ)る(?=こと(?:は"
        rf"|も)?な)"
        rf"|(?:(?:担当|応対|対応)(?:者)?の?|途中での?|途中の?|人の)?(?:交代|交替){_DO_JA}"
        rf"|(?:担当|応対|対応)(?:者)?の?変更{_DO_JA}|エスカレ(?:ーション)?(?=さ|{_DO_JA})"
        rf"|{_TWO_JA}(?:の(?:担当(?:者)?|方|人|オペレーター))?と(?:話|やり?とり)[ぁ-ゖ]{{0,3}}"
        r"|(?:担当|応対|対応)(?:者)?(?:が|は)(?:[二三2-9](?:人|名)|複数)",
    ),
    (
        "held",
        r"(?:長く|ずっと|長いこと|延々と?|しばらく|かなり|ずいぶん)?(?:も|の)?"
        r"(?:(?<!注文の)(?<!契約の)(?<!手続きの)保留(?!中の?(?:注文|契約|手続))"
        r"(?:音|中|の?(?:メロディー?|音楽|ミュージック|時間))?|お?待たせ?(?:さ|し|た|て)"
        r"|お?待ち音楽|待ち時間"
        r"|待機させ|(?:待ってくれ|お?待ち(?:くださ|下さ)い)と(?:言わ[ぁ-ゖ]{1,2})?|オルゴール)"
        r"|(?:ずっと|長いこと|しばらく|いったん|一旦|途中で(?:一旦|いったん|少し)?)待[ぁ-ゖ]{1,3}",
    ),
    (
        "called_back",
        r"折り?返(?:し|(?=[電連着入架]|す|さ))(?!乗車|運転)(?:の)?(?:お?電話|連絡|着信|入電|架電"
        r"|コール|通話|分)?"
        r"|(?:おりかえし|オリカエシ)(?:の)?(?:お?電話|連絡)?|コールバック|再(?:度の?)?架電"
        r"|(?:かけ|掛け|電話し)(?:直|なお)(?:し|さ)",
    ),
)
_DENIED_JA: Final = (
    r"(?P<not>(?:いただ(?=け)|(?!た(?!さ|こと)|だ|分か|わか|覚え|思い)"
    r"[ぁ-ゖ待流替変代分電話連絡来受聞一切時間挟回度]){0,10}?"
    r"(?:な(?:い|く|し|かった|かっ)|ず(?:に)?(?![っと])|ません|無[しいくか](?:った)?|とは(?:別"
    r"|違|異)[ぁ-ゖ]?"
    r"|ゼロ))?"
)
# What is said of it where it was so: it belongs to what was read.
_SAID_JA: Final = (
    r"(?:\s*(?:を|が|で|の)?\s*(?:され|もら|いただ|頂|あっ|あり|受け|来|き|し|かけ|くれ|聞かさ"
    r"|流れ|挟"
    r"|れ)[ぁ-ゖ]{0,4})?"
)
_STAFF: Final = (
    r"(?:agents?|persons?|people|operators?|reps?|colleagues?|advis[eo]rs?|members? of staff|staff)"
)
_WHERE_TO: Final = (
    r"(?:(?:another|an?other|a different|a second|the next|the right|a new) \w+"
    r"|(?:her|his|their|a|one of (?:her|his|their)) (?:colleagues?|supervisor|manager|senior"
    r"|specialist)"
    r"|(?:someone|somebody|anyone|anybody) else|second line|other \w+)"
)
_IT: Final = r"(?:(?:me|her|him|them|us|it|(?:the|my|her|his|their) call) )?"
_ENGLISH: Final[tuple[tuple[Happened, str], ...]] = (
    (
        "transferred",
        r"(?:got |was |were |been |be |being )*(?<!un)(?:transferred|transferring)(?: (?:me|her|him"
        r"|them|the call|my call))?"
        r"|pass(?:ed|ing) (?:\w+ )?(?:on|over|along|around)\b|put (?:\w+ )?through"
        r"|handed (?:\w+ )?(?:over|off|on\b)|hand-?over\b"
        r"|(?:bounced|shunted|passed) (?:around|between|about|from)|transfer to (?:another"
        r"|a different|someone)"
        r"|(?<!money )(?<!bank )(?<!wire )(?<!balance )(?<!fund )"
        r"(?:\bwarm |\bcold )?\btransfers?(?: took place| happened)?(?= in | during "
        r"|\s*(?:[-.,;:/|)\0]|$))"
        rf"|(?:passed|switched|connected|escalated|moved|redirected|re-?routed|diverted"
        rf"|forwarded|sent"
        rf"|handed|relayed|referred|given|gave|put) {_IT}(?:(?:over |on |across |through )?to"
        rf"|onto) {_WHERE_TO}"
        r"|(?:got|(?:call|I) (?:was|got|had been)) (?:forwarded|rerouted|redirected|diverted)"
        r"|\bescalated to (?:a |the )?(?:supervisor|manager)|(?<=wasn't )escalated"
        rf"|(?:spoke (?:to|with)|talked (?:to|with)|got|had|dealt with|through) (?:two|three"
        rf"|several|multiple"
        rf"|more than one|a couple of) (?:different )?{_STAFF}|\btwo (?:different )?(?:agents"
        rf"|operators|reps)\b"
        rf"|(?:(?:someone|somebody|nobody|no one) else|(?:another|a (?:second|different"
        rf"|new)) {_STAFF})"
        r" (?:took (?:it |the call )?over|came on(?: the (?:line|phone))?|stepped in)"
        rf"|put through to a (?:second|different) \w+|(?:an?other|a second"
        rf"|second) {_STAFF}(?: came on| joined)?"
        rf"(?=$|\s*[,.;:|])|(?:changed?|swapped|switched) {_STAFF}|{_STAFF} changed\b"
        rf"|change of {_STAFF}",
    ),
    (
        "held",
        r"(?:was |were |been |being )*(?:put |kept |left |placed |waiting |sat |had )?(?:me "
        r"|her |him "
        r"|them |us )?(?:(?:the |my )?(?:line|call) (?:was )?(?:put )?)?"
        r"(?:(?:a |some )?(?:music |melody |spell |time (?:spent )?"
        r"|while ))?on[- ]hold\b(?: music)?"
        r"|(?:kept|left|made) (?:\w+ )?(?:waiting|to wait)\b|made (?:me|her|him|them|us) (?:wait"
        r"|hold)"
        r"|(?:hold|holding|waiting) (?:music|time)|held (?:the line|on the line|for a (?:while"
        r"|bit))"
        r"|(?:asked|told) (?:me |her |him )?to (?:hold|wait)(?: on)?(?: the line| on the line)?"
        r"|wait(?:ing)? on the (?:line|phone)|(?:call|line|was|were|they|got) parked(?: the call)?"
        r"|(?:had|have|having) to hold(?: on)?(?: the line)?"
        r"|\bhold(?= in | during |\s*(?:[-.,;:/|)\0]|$))"
        r"|(?:was |were |been |being )+held\b(?! up| resp)|(?(not)(?:held|holding"
        r"|asked to hold)\b(?! up)|(?!))",
    ),
    (
        "called_back",
        r"(?:was |were |been |being |got )*(?:call|phon|telephon)(?:ed|e|ing|s)? (?:(?:the "
        r"|our )?\w+ )?back\b"
        r"|call(?:ed)?-?backs?\b|return(?:ed)? (?:phone )?call\b|\bcall (?:was )?returned\b"
        r"|(?:rang|ring|rung|ringing) (?:\w+ )?back\b|return(?:ed|ing)? (?:my|her|his|their|the"
        r"|our|your|a) (?:missed )?call|got back to (?:me|us|her|him|them) (?:by"
        r"|on the) (?:tele)?phone",
    ),
)
_TO_WHOM: Final = (
    r"(?: to (?:someone|somebody|anyone|anybody|another \w+|a (?:different \w+|colleague|supervisor"
    r"|manager))(?: else)?)?"
)
_HOW_LONG: Final = (
    r"(?: (?:was )?played| involved)?(?: for (?:ages|ever|a (?:long )?(?:while|time)|so long)"
    r"| the whole time"
    r"| at (?:one|some) point)?"
)
_DENIED_EN: Final = (
    r"(?P<not>(?:\bnot\b|\bnever|\b(?:no|zero)\b|n't\b|\bwithout|\bnobody|\bno[ -]one"
    r"|\bat no (?:time|point)"
    r"|\bneither|\bisn't)\s+(?:(?:been|being|be|an?|any|the|get|got|getting|was|were|have|had"
    r"|having|to|ever"
    r"|once|wait|actually|asked|kept|put|left|made|such)\s+)*)?"
)
_NONE_EN: Final = r"(?P<none>\s*[:=]\s*(?:no|none|nil|n)\b)?"
_PATTERNS: Final = tuple(
    (what, re.compile(pattern, re.IGNORECASE))
    for what, pattern in (
        *(
            (what, f"(?:{core})(?P<none>){_DENIED_JA}(?(not)|{_SAID_JA})")
            for what, core in _JAPANESE
        ),
        *(
            (what, f"{_DENIED_EN}(?:{core}){_TO_WHOM}{_HOW_LONG}{_NONE_EN}")
            for what, core in _ENGLISH
        ),
    )
)

# Who says that nobody else came on says that it was not transferred.
_ONE_JA: Final = r"(?:一人|ひとり|1人|一名|1名)"
_ALL_ALONG: Final = (
    r"(?:throughout|all (?:the way|along|the time)|(?:the )?(?:whole|entire) (?:time|call"
    r"|way)(?: through)?"
    r"|from (?:start|beginning) to (?:finish|end)|start to finish|to the end|until the end)"
)
_ONE_AGENT: Final = re.compile(
    rf"(?:最初から|終始|ずっと|始終)?\s*(?:最後まで|終始|ずっと)\s*(?:同じ|{_ONE_JA}の?)"
    r"(?:の?人|方|担当(?:者)?|オペレーター|者)?(?:が|で)?(?:対応)?"
    rf"|{_ONE_JA}(?:の(?:人|方|担当(?:者)?|オペレーター))?(?:が|で)(?:最初から)?最後まで(?:対応)?"
    r"|同じ(?:人|方|担当(?:者)?|オペレーター)(?:の?まま|が(?:そのまま)?最後まで(?:対応)?)"
    r"|(?:最初の)?(?:人|方|担当(?:者)?)がそのまま最後まで(?:対応)?"
    rf"|(?:担当|応対|対応)(?:者)?(?:は|が){_ONE_JA}(?:だけ|のみ)?"
    rf"|{_ONE_JA}(?:の(?:担当(?:者)?|方|人))?(?:だけ|のみ)(?:と話[ぁ-ゖ]{{0,2}}|(?:が"
    rf"|で)?(?:対応|応対))"
    rf"|(?:\b(?:stayed with|spoke (?:to|with)|dealt with"
    rf"|had) )?\bthe same {_STAFF}(?: {_ALL_ALONG})"
    rf"|\b(?:stayed|remained) with (?:the same|one) {_STAFF}\b|\bsame {_STAFF} {_ALL_ALONG}"
    rf"|\b(?:only|just) (?:(?:spoke|talked|dealt) (?:to|with) )?(?:the )?(?:one"
    rf"|a single) {_STAFF}\b|\b(?:one|a single) {_STAFF} only\b"
    rf"|\b(?:a )?single {_STAFF}\b(?! from| in)|\bone {_STAFF} (?:[a-z]+ ){{0,4}}{_ALL_ALONG}"
    rf"|\b(?:nobody|no one|no-one) else (?:took over|came on|joined|was involved|spoke)"
    rf"|\bno (?:second|other|further) {_STAFF}\b|\buntransferred\b",
    re.IGNORECASE,
)
_DENIALS: Final = (
    (_ONE_AGENT, HappenedClue("transferred", was=False)),
    (
        re.compile(r"\bcall (?:was|is) (?:never|not) returned\b", re.IGNORECASE),
        HappenedClue("called_back", was=False),
    ),
)


def find_happenings(text: str) -> Iterator[Found]:
    """Find what happened to it, or is said not to have."""
    for pattern, clue in _DENIALS:
        for match in pattern.finditer(text):
            yield found_at(match, clue)
            text = without(text, (match.span(),))
    for what, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            was = match["not"] is None and not match["none"]
            yield found_at(match, HappenedClue(what, was=was))
