"""The direction of a call: "こちらから架電", "かけたのは私です", "it was you who rang me".

Pure. Who speaks is told by whom they name: "I" and そちら are a customer's, "we" and こちら are of
who keeps the recordings. Knows nothing of what else happened.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from archive.locate.clues import DirectionClue
from archive.locate.request.found import Found, found_at, matches

Direction = Literal["inbound", "outbound"]

_SIDE: Final = r"(?:側|様|さん)?(?:の?(?:方|ほう|側|担当(?:者)?|者))?"
_SELF: Final = (
    r"(?:こちら|当社|弊社|当店|当センター|当窓口|当方|うち|店舗?|我々|私たち|私ども|会社"
    r"|(?:コール)?センター|オペレーター?|担当(?:者)?|スタッフ|社員)"
)
_YOU: Final = r"(?:そちら|御社|貴社|貴店|貴センター|お店|お宅|おたく)"
_ME: Final = (
    r"(?:(?:私|わたし)(?!た|ど|の(?:携帯|電話|番号|名前))|わたくし|自分(?!の(?:携帯|電話|番号"
    r"|名前))"
    r"|主人|夫|妻|母|父|息子|娘|家族)"
)
_THEM: Final = (
    r"(?:向こう|先方|相手(?:方)?|お?客(?:様|さま|さん|先)|(?<![一-鿿])客(?=から|より|が|に|へ"
    r"|の)|顧客"
    r"|ユーザー|相談者|申出者|申告者|依頼者|ご?契約者|会員|利用者|ご?本人|あちら"
    r"|外部)"
)
_OURS: Final = rf"(?:{_YOU}|{_SELF}){_SIDE}"
_THEIRS: Final = rf"(?:{_ME}|{_THEM}){_SIDE}"
_WISH: Final = r"(?:たい|たく|(?:くださ|下さ)(?!った|いまし)|ほし|欲し|もらいた|もらえ)"
# Not of what is wished, asked for or denied.
_NO: Final = r"な[いかく]|ませ|たい|たく|(?:くださ|下さ)(?!った|いまし)|ほし|欲し|もらい|もらえ"
_KANA: Final = rf"(?:(?!{_NO}|の|では|じゃ|について|に関)[ぁ-ゖ来頂戴])"
_TAIL: Final = (
    rf"(?:(?:を|が|も)?\s*(?:お?(?:かけ|掛け|架け)|差し上げ|さしあげ|入れ|入っ|もら|頂|いただ"
    rf"|受け|し"
    rf"|て|た|あ|来|き|くれ|くださ|下さ|かかっ|掛かっ|架かっ){_KANA}{{0,6}}+(?!{_NO}))?"
)
# Not of telephones, and of lists in them.
_NOT_OF: Final = r"(?!番号|[者元機先音側]|履歴|拒否|規制)"
_CALL: Final = (
    rf"\s*(?:の\s*)?(?:お?電話{_NOT_OF}|お?(?:かけ|掛け|架け)(?=[たてになまら])|(?:かか|掛か"
    rf"|架か)っ(?=て)"
    rf"|架電|ご?連絡{_NOT_OF}|発[信呼]{_NOT_OF}|ご?入電|受電|tel(?![a-z]|\s*[:\d+(])"
    rf"|着[信電]{_NOT_OF}|コール(?!セ)){_TAIL}"
    rf"(?![ぁ-ゖ]{{0,4}}?{_WISH}|[してっい]{{0,4}}(?:な[いかく]|ません))"
)
_TO: Final = r"(?:に|へ|宛て?に?|あてに?)"
_HOME: Final = (
    r"(?<![一-鿿の])(?:(?:私|わたし|自分|主人|夫|妻|母|父|息子|娘)の)?"
    r"(?:携帯|スマホ|自宅|実家|職場|勤務先|(?<=の)(?:電話|番号|家))(?:の(?:方|電話|番号))?"
)
_ITS_PHONE: Final = r"(?:の(?:携帯|スマホ|自宅|お?電話|番号|家|職場|勤務先))?"
_THE_ONE: Final = r"(?:の|方|側|人|者|ほう)\s*(?:は|が|:)?\s*"
_DID: Final = (
    r"(?:(?:お?電話を?)?(?:(?:お?(?:かけ|掛け|架け)(?:になっ|られ)?)|(?:(?:かけ|掛け)て(?:き|来"
    r"|こられ"
    r"|来られ)))|(?:かかっ|掛かっ)て(?:き|来)|(?:お?電話|ご?連絡|架電|発信)を?し(?:てき|て来)?"
    r"|お?電話を?(?:入れ|くれ|くださっ|下さっ))"
    r"(?:た|まし\w)"
)
_GOT: Final = r"(?:(?:お?電話を?)?受け|お?電話を?(?:もらっ|頂い|いただい))(?:た|まし\w)"
_NOT_THEM: Final = r"(?:[^、。\s]{1,8}?(?:では|じゃ)なく(?:て)?、?\s*)?"
_CALLER: Final = (
    rf"(?:{_DID}{_THE_ONE}|(?:(?:発信|架電|発呼)(?:元|者|側)|[掛か]け手)\s*(?:は|が|:)?\s*"
    rf"|発信は\s*){_NOT_THEM}"
)
_CALLED: Final = rf"(?:{_GOT}{_THE_ONE}|(?:(?:着信|受信)側|受け手)\s*(?:は|が|:)?\s*)"
_IS_CALLER: Final = r"(?:が|は|:)\s*(?:発信(?:元|者|側)|(?:かけ|掛け)た(?:側|方|ほう))"
_IS_CALLED: Final = (
    r"(?:が|は|:)\s*(?:お?受け(?:し)?た(?:側|方|ほう|お?電話|通話|もの)?|受けまし\w"
    r"|(?:着信|受信)側)"
)

_JAPANESE: Final[tuple[tuple[Direction, Sequence[str]], ...]] = (
    (
        "inbound",
        (
            # Customers say こちら too: そちら tells who speaks.
            rf"(?:{_SELF}|{_ME}){_SIDE}(?:から|より|が)\s*{_YOU}{_SIDE}{_TO}(?:{_CALL})?",
            rf"{_CALLER}{_THEIRS}(?:から)?|{_THEIRS}{_IS_CALLER}",
            rf"(?:こちら|当社|弊社|うち|当方){_SIDE}{_IS_CALLED}|{_CALLED}(?:こちら|当社|弊社"
            rf"|うち)",
        ),
    ),
    (
        "outbound",
        (
            rf"{_CALLER}{_OURS}(?:から)?|{_OURS}{_IS_CALLER}",
            rf"{_ME}{_SIDE}{_IS_CALLED}|{_CALLED}(?:{_ME}|{_THEM})",
            rf"{_YOU}{_SIDE}(?:から|より)(?:{_CALL})?|{_YOU}{_SIDE}が{_CALL}",
            rf"折り?返し(?:の?お?電話)?(?:で|が)(?:かかっ|掛かっ)てき{_KANA}{{0,3}}",
            r"(?<!から)お?電話を(?:もらっ|頂い|いただい)[ぁ-ゖ]{0,2}",
            rf"(?:{_THEIRS}{_ITS_PHONE}|{_HOME}){_TO}{_CALL}",
        ),
    ),
    (
        "inbound",
        (
            rf"{_THEIRS}(?:から|より|が|で|起点|による){_CALL}|{_THEM}{_SIDE}(?:から|より|起点)",
            rf"{_ME}(?:側|の方|のほう|の側)(?:から|より)",
            rf"{_THEM}{_SIDE}の?発(?:信|呼|の?(?:通話|コール|電話))(?:通話|コール)?{_NOT_OF}",
            rf"{_OURS}{_TO}{_CALL}",
        ),
    ),
    (
        "outbound",
        (
            rf"{_SELF}{_SIDE}(?:から|より|起点の?)(?:{_CALL})?|{_SELF}{_SIDE}が{_CALL}",
            rf"{_SELF}{_SIDE}発(?:信|呼|の?(?:通話|コール|電話)|(?=$|[、。\s]))(?:通話"
            rf"|コール)?{_NOT_OF}",
            rf"架電(?:し[ぁ-ゖ]{{0,2}})?|アウトバウンド|発[信呼](?:通話|コール"
            rf"|し[ぁ-ゖ]{{1,2}})?{_NOT_OF}",
            r"発信側|お?電話(?:を)?(?:差し上げ|さしあげ|おかけし)[ぁ-ゖ]{0,2}",
        ),
    ),
    (
        "inbound",
        (
            rf"(?:お?電話が\s*)?(?:かかっ|掛かっ|架かっ)て(?:き|来){_KANA}{{1,3}}",
            r"ご?入電|受電(?:し[ぁ-ゖ]{0,2})?|インバウンド|着電|受け(?:の)?(?:お?電話|通話|コール)",
            rf"(?<!不在)(?:外線)?着信(?:コール|通話|し[ぁ-ゖ]{{0,2}})?{_NOT_OF}(?!課金|転送)",
            r"受信(?:した|の)?(?:通話|電話|コール)|(?:^|(?<=[\s、。,.;:/|(（・\0]))(?:受信(?:側"
            r"|分|です)?|着信側)"
            r"(?=\s*(?:$|[\s、。,.;:/|)）・\0]))",
            r"お?電話(?:が|を)(?:あっ|来|きた|入っ|もらっ|(?:頂|いただ)(?!け)|受け)[ぁ-ゖ]{0,2}",
            r"受けた(?:お?電話|通話|コール)",
            r"(?:お?電話(?:を)?(?:した|しました|かけた)|かけた|掛けた)(?:とのこと|そう|と(?:言"
            r"|いう|仰|おっしゃ))[ぁ-ゖ]{0,2}",
            r"から(?:お?電話|かけ|掛け)(?:た|てき[ぁ-ゖ]{0,2}|があ[ぁ-ゖ]{0,2}|です)?",
        ),
    ),
)

_V: Final = (
    r"(?:(?:had to|tried to|decided to) (?:call|ring|phone)|called|rang|(?<=d )rung|phoned"
    r"|telephoned|contacted|dialled|dialed)"
)
_VING: Final = r"(?:calling|ringing|phoning|telephoning|dialling|dialing)"
_STAFF: Final = (
    r"(?:agents?|operators?|side|office|team|staff|reps?|colleagues?|people|centre|center"
    r"|advis[eo]rs?|company|end|clerks?|firm|shop|branch)"
)
_WE: Final = rf"(?:we|us|our (?:\w+ )?{_STAFF}|one of ours?(?: \w+)?)"
_YOU_EN: Final = (
    rf"(?:you(?: lot| guys| people| folks)?|your (?:\w+ )?{_STAFF}|one of your \w+"
    rf"|(?:someone|somebody|an? {_STAFF}) (?:from|at|in) (?:your|our|the) \w+)"
)
_AGENT: Final = rf"(?:(?:an?|the) )?{_STAFF}"
_I: Final = r"(?:I|me|my (?:wife|husband|partner|son|daughter|mother|father|mum|mom|dad))"
_CUSTOMER: Final = (
    r"(?:(?:the |our |a |this )?(?:customer|cust\b\.?|cx|caller|client|lady|gentleman|member"
    r"|patient|subscriber|policyholder|account holder|applicant))"
)
_THEY: Final = rf"(?:they|she|he|{_CUSTOMER})"
_THEM_EN: Final = rf"(?:them|they|him|he|her|she|{_CUSTOMER})"
_END: Final = r"(?=\s*(?:$|[,.;:/|)(\0\n]|[-–—]))"
_HAVE: Final = r"(?:'d|'ve|'s| had| have| has)?(?: (?:also|actually|just|originally|first|then))?"
_A: Final = r"(?:a|an|the|that|this|my|our|your|their|his|her|another)"
_A_CALL: Final = rf"{_A} (?:\w+ )?(?:phone |telephone )?call\b"
_RING: Final = r"(?:a|another) (?:quick )?(?:phone call|call|ring|bell|buzz|tinkle)\b"
_DO: Final = (
    rf"(?:{_V}|rung|{_VING}|(?:made|placed|initiated|started|making|placing) {_A_CALL}"
    r"|to (?:call|ring|phone|dial))"
)
# "It was X who called", "X was the one calling".
_ONE: Final = (
    rf"(?:\bit was {{who}}(?: who| that|,)?(?:'d| had)? {_DO}"
    rf"|\b{{who}}(?: was| were| am| is| are|'m|'re)(?: actually)? the"
    rf" (?:ones?|person|party|people|side)(?: who| that)?(?:'d| had)? {_DO})\b"
)
_CALLED_BY: Final = (
    rf"(?:\b{{who}}(?: was| were| am| is|'m) (?:the caller\b|{_VING}\b)"
    rf"|\b(?:caller|calling party|originator|originated by)(?: was| is)?\s*[:=]?\s+{{who}}\b)"
)
_WHICH: Final = (
    rf"\b(?:call|one)(?: that| which)? {{who}}{_HAVE} (?:made|placed|started|initiated)\b"
)
_THROUGH: Final = rf"\b{{who}}{_HAVE} (?:got|came) through to"
_RECEIVED: Final = (
    rf"\bcall(?: that| which)? {{who}}{_HAVE} (?:got|received|took|answered)\b(?: from)?"
)
_MADE: Final = (
    rf"\b{{who}}{_HAVE} (?:(?:made|placed|initiated|started|put in) {_A_CALL}"
    rf"|did {_A} (?:{_VING}|call)\b)"
)
_FROM: Final = (
    r"(?<!missed )\bcalls?(?: was| were| is)?"
    r"(?: (?:made|placed|started|initiated|originated|received|coming|came|come))?"
    r"(?: in)? (?:from|by|with(?<=originated with)) {who}(?:\b(?!')|(?<=\.))"
)
_TOWARD: Final = (
    r"\bcalls?(?: was| were)?(?: (?:you )?(?:made|placed|going|went))?(?: out)? to {who}\b(?!')"
)
_RUNG: Final = (
    rf"(?:was|were|been|got|being) (?:(?:rung|phoned|telephoned|dialled|dialed|contacted)(?: up)?"
    rf"|called(?={_END}|\s+(?:by|on|at|about|in|up|from)\b))"
)
_GOT_CALL: Final = rf"(?:(?:got|received|answered|took|picked up) {_A_CALL}|had {_A_CALL}(?= from))"
_BY: Final = rf"\b(?:{_V}|rung|made|placed|started|initiated) by {{who}}\b"
_OUR_SIDE: Final = (
    r"\bfrom (?:your|our|the (?:company|centre|center|agent)'s) (?:end|side)\b(?! of)"
)
_THEIR_SIDE: Final = (
    r"\bfrom (?:my|her|his|their|the (?:customer|caller|client)'?s?) (?:end|side)\b(?! of)"
)
_TO_US: Final = r"(?: (?:to )?(?:us|you)\b)?"
_TO_THEM: Final = rf"(?: (?:to )?(?:me|{_THEM_EN})\b)?"
_AT_THEM: Final = rf" (?:me|{_THEM_EN})\b"
_OUR_SIDES: Final = (_WE, _YOU_EN)

_ENGLISH: Final[tuple[tuple[Direction, Sequence[str]], ...]] = (
    (
        "outbound",
        (
            *(_ONE.replace("{who}", each) + _TO_THEM for each in (_WE, _YOU_EN)),
            rf"\bit was {_THEM_EN} who {_V} me\b",
            *(_MADE.replace("{who}", each) + _TO_THEM for each in (_WE, _YOU_EN, _AGENT)),
            *(_CALLED_BY.replace("{who}", each) + _TO_THEM for each in (_WE, _YOU_EN, _AGENT)),
            *(_WHICH.replace("{who}", each) + _TO_THEM for each in (_WE, _YOU_EN)),
            *(_THROUGH.replace("{who}", each) + _AT_THEM for each in (_WE, _YOU_EN)),
            *(_RECEIVED.replace("{who}", each) + _TO_US for each in ("I", _THEM_EN)),
            r"\b(?:received|answered|picked up) by (?:me|the (?:customer|client|caller))\b",
            rf"\b(?:they|she|he|someone|somebody) (?:was|were) {_VING} me\b",
            rf"\b(?:{_V}|calling) (?:me\b(?! an?\b)|my (?:mobile|cell|house|home|phone|number"
            rf"|landline))"
            r"(?: back\b)?",
            rf"\b{_V} (?:up )?(?:his|her|their) (?:mobile|cell|house|home|phone|number|landline)",
            rf"\b(?:{_V}|{_VING}) {_CUSTOMER}(?! (?:service|care|support|relation|desk|line))",
            rf"\b(?:they|someone|somebody|\w+ from \w+|{_AGENT}){_HAVE} {_V} me\b(?: back\b)?",
            rf"\b(?:{_WE}|{_YOU_EN}|{_AGENT}|they|someone|somebody){_HAVE} (?:gave|given)"
            rf" (?:me|us|{_THEM_EN}) {_RING}",
        ),
    ),
    (
        "inbound",
        (
            *(_ONE.replace("{who}", each) + _TO_US for each in (_I, _THEM_EN)),
            *(_MADE.replace("{who}", each) + _TO_US for each in (_I, _THEY)),
            *(_CALLED_BY.replace("{who}", each) + _TO_US for each in (_I, _THEY)),
            *(_WHICH.replace("{who}", each) + _TO_US for each in (_I, _THEY)),
            *(_THROUGH.replace("{who}", each) + r" (?:us|you)\b" for each in (_I, _THEY)),
            _RECEIVED.replace("{who}", "we") + _TO_THEM,
            r"\b(?:received|answered|taken) by us\b",
            rf"\b(?:{_I}|{_THEY}){_HAVE} (?:reached out|got in touch)(?: (?:to|with) (?:us"
            rf"|you))? by phone",
            rf"\b(?:{_I}|{_THEY}){_HAVE} (?:tried {_VING}|reached) (?:us|you)\b(?: by phone)?",
            rf"\b(?:{_I}|{_THEY}|we){_HAVE} (?:gave|given) (?:you|us|your \w+) {_RING}",
            rf"\bwe{_HAVE} {_V} you(?:r \w+)?\b",
            rf"\bwe (?:{_RUNG}|{_GOT_CALL})\b(?! from (?:you|your))",
        ),
    ),
    (
        "outbound",
        (
            rf"\bwe{_HAVE} {_V}(?: out)?(?: to)?(?: (?:{_THEM_EN}|it))?\b(?: back\b)?",
            rf"\b(?:{_YOU_EN}){_HAVE} {_V} (?:me|us)\b(?: back\b)?",
            rf"\b{_YOU_EN}{_HAVE} (?:rang|phoned|telephoned|called(?={_END}| about| on| at| back))"
            r"\b(?: back\b)?",
            rf"\b(?:{_WE}|{_AGENT}){_HAVE} {_V}(?: out)?(?: to)? {_THEM_EN}\b(?: back\b)?",
            rf"\bour (?:\w+ )?{_STAFF}{_HAVE} {_V}(?={_END})",
            rf"\b(?:I|{_THEY}){_HAVE} {_RUNG}\b",
            rf"\b(?:I|{_CUSTOMER}){_HAVE} {_GOT_CALL}(?: from (?:you|us|your \w+|our \w+))?",
            r"\bI (?:answered|picked up) (?:the phone|your call)\b",
            *(
                form.replace("{who}", each) + _TO_THEM
                for form in (_FROM, _BY)
                for each in (*_OUR_SIDES, r"the (?:agent|operator|company|centre|center)")
            ),
            _TOWARD.replace("{who}", rf"(?:me|{_THEM_EN})"),
            rf"\b(?:we|you|{_AGENT}){_HAVE} (?:reached out|got in touch)(?: (?:to|with) (?:me"
            rf"|{_THEM_EN}))? by phone",
            r"\b(?:got|received|had) a call from (?:you|your)\b",
            r"\b(?:agent|company|centre|center|operator)[- ]initiated\b",
            rf"{_OUR_SIDE}|\bour call to\b|\byour call to me\b",
            r"\b(?:direction\s*[:=]?\s*)?out(?:-?bound|going)(?: (?:phone )?call)?\b"
            r"|\boutward call\b",
            r"\b(?:call|it|this one|that one)(?: was| is| had)? (?:going|went|gone) out\b",
            rf"\b(?:dialled|dialed|phoned|rung) out\b|\bcall-?out to\b|\bcalled out(?={_END}"
            rf"| to\b)",
            r"\bdirection\s*[:=]?\s*out\b",
        ),
    ),
    (
        "inbound",
        (
            rf"\b{_THEY}{_HAVE} {_V}\b(?: (?:us|in|you))?(?! (?:me|her|him|them)\b)(?! back)",
            rf"\b{_I}(?:'d| had)? {_V}\b(?: (?:you|in))?(?! (?:me|her|him|them|back)\b)",
            *(
                form.replace("{who}", each) + _TO_US
                for form in (_FROM, _BY)
                for each in (r"(?:me|my \w+)", _THEM_EN)
            ),
            _TOWARD.replace("{who}", r"(?:us|you|your \w+|our \w+)"),
            r"\b(?:customer|caller|client)[- ]initiated\b",
            rf"\b{_V} (?:up )?(?:your|our|the) (?:help|hot)?(?:line|company|call cent(?:re|er)"
            rf"|office|switchboard)",
            rf"\b(?:{_CUSTOMER}|me) {_VING} (?:us|you|in)\b",
            _THEIR_SIDE,
            r"\b(?:direction\s*[:=]?\s*)?(?:in-?bound|incoming)(?: (?:phone )?call)?\b"
            r"|\binward call\b",
            r"\b(?:a |the )?(?:call|this one|that one)(?: was| is| had)? (?:came|coming|come) in\b",
            rf"\bcalls? received\b|\breceived (?:a |the )?call\b|\bcall[- ]in(?={_END})",
            r"\bcalled (?:us|in)\b|\b(?:rang|phoned|dialled|dialed|telephoned) (?:in|us)\b",
            r"\bdirection\s*[:=]?\s*in\b",
        ),
    ),
)  # fmt: skip
_PATTERNS: Final = tuple(
    (direction, re.compile("|".join(f"(?:{each})" for each in forms), re.IGNORECASE))
    for direction, forms in (*_JAPANESE, *_ENGLISH)
)


def find_directions(text: str) -> Iterator[Found]:
    """Find the direction that a text tells."""
    for direction, pattern in _PATTERNS:
        for match in matches(text, pattern):
            yield found_at(match, DirectionClue(direction))
            text = text[: match.start()] + "\0" * len(match[0]) + text[match.end() :]
