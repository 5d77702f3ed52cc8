"""Words beside which names stand, of agents and of customers, and what joins two names.

A table. Knows nothing of who is known.
"""

import re
from typing import Final

from archive.locate.request.name_words import NAME_EN, NAME_JA
from archive.locate.who.titles import TITLE_EN, TITLE_JA

_PERHAPS: Final = r"(?:maybe|perhaps|possibly|probably|either|else|was it|it was)"
# Before a name in English: "either a Ms".
_TITLE: Final = (
    rf"(?:{_PERHAPS}\s+)?(?:an?\s+)?(?:{TITLE_EN})?(?:(?-i:[A-Z])\.?\s+(?=(?-i:[A-Z])[a-z])){{0,2}}"
)
_FAMILY: Final = r"(?:(?:妻|夫|主人|家内|父|母|息子|娘|兄|姉|弟|妹|祖父|祖母|両親)の)?"
_OR: Final = (
    r"(?:\s*(?:か|または|又は|もしくは|若しくは|あるいは|それとも|ないし|、か|or)"
    rf"(?:、?(?:もしか(?:すると|したら|して)|たぶん))?\s*{_PERHAPS}?\s*"
    r"|[、,]?\s*もしか(?:すると|したら|して)、?"
    rf"|\s*/\s*|,?\s+or\s+(?:{_PERHAPS}\s+)?(?:an?\s+)?"
    r"|\s*[,(（–-]+\s*(?:or\s+)?(?:maybe|perhaps|possibly|or|(?:could|might|may) (?:have been|be))"
    r"\s+)"
)
# Behind a name no other kana stand than of a title or a particle: 担当は覚えていない.
_ENDS: Final = rf"(?={TITLE_JA}|[^ぁ-ゖ]|$|か(?!ら|っ)|[とがでだにのをはも])"
_CUSTOMER_CUES: Final = (
    r"(?:お客(?:様|さま|さん)|顧客|客|ご?本人|ご?契約者|ご?名義(?:人)?|申出人|請求者|申込者)(?:様"
    r"|さん)?"
    rf"(?:(?:の)?(?:お?名前|氏名)\s*(?:は|が|:)|\s*(?:は"
    rf"|[:、]))\s*{_FAMILY}(?P<name>{NAME_JA}){_ENDS}(?:{TITLE_JA})?",
    rf"(?:氏名|フルネーム|(?:お客様|顧客|契約者|名義人|会員)名)\s*(?:は|が|:"
    rf"|\s)\s*{_FAMILY}(?P<name>{NAME_JA}){_ENDS}(?:{TITLE_JA})?",
    r"[「『\"“](?P<name>[^」』\"”\n]{1,20})[」』\"”]\s*(?:さん|様)?(?:と|って)(?:名乗|名のり"
    r"|申し)[ぁ-ゖ]{0,2}",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:と|って)(?:名乗|名のり|申し)[ぁ-ゖ]{{0,2}}",
    rf"(?:私|わたし|当方)(?:は|、)\s*(?P<name>{NAME_JA})(?=です|と申|といい)",
    rf"(?P<name>{NAME_JA})(?:様|さま)?(?:の)?名義",
    rf"(?P<name>{NAME_JA})(?:様|さま)(?=(?:から|より)|の(?:お?電話|ご?契約|件)|が(?:お?電話"
    rf"|ご?連絡))",
    rf"\b(?:(?:the\s+)?(?:customer|caller|client|requester|requestor|member|account holder"
    rf"|policy holder|cust\.?)(?:'s)?"
    rf"(?:\s+name)?|my name|name of (?:the )?(?:customer|caller|client))\s*(?:(?:is|was|gave)\b|:"
    rf"|,)?\s*"
    rf"{_TITLE}(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:in the name of|under the name(?: of)?|account of|gave (?:his|her|the|their) name as"
    rf"|i am|i'm|on behalf of)"
    rf"\s+{_TITLE}(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:my|her|his) (?:mother|father|wife|husband|son|daughter|partner|parents?)(?:'s)?"
    rf"(?:\s+(?:call|phone call))?\s*[(,]\s*{_TITLE}(?P<name>{NAME_EN})",
    rf"\b(?:{TITLE_EN})(?P<name>{NAME_EN})(?=\s+(?:called|rang|phoned|telephoned)\b)",
)
_AGENT_CUES: Final = (
    rf"(?:担当(?:者|の方|の者)?|オペレーター|(?:対応|応対)(?:者|した(?:人|方|の))?|出た(?:の|人|方)|電話口"
    rf"|受け(?:た人|手)|話した(?:人|相手|の))"
    rf"(?:の)?(?:お?名前)?\s*(?:は|が|:)\s*(?P<name>{NAME_JA}){_ENDS}(?:{TITLE_JA})?",
    rf"(?:担当(?:者)?|オペレーター|応対者)(?:の|名)?(?P<name>{NAME_JA})(?={TITLE_JA}|\W|$|が|に"
    rf"|と)(?:{TITLE_JA})?",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:という|って(?:いう)?|とかいう)(?:名前の)?"
    r"(?:女性|男性|若い|女の|男の|方|人|担当|オペレーター|お姉さん|係)(?:の)?(?:担当(?:者)?|方|人"
    r"|オペレーター)?",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=(?:[(（][^()（）]*[)）])?と[^、。と]{{0,16}}?(?:話し"
    rf"|話した|お話))",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=と(?:話|お話|会話|通話)|が(?:対応|担当|出|電話に出"
    rf"|受け)|に(?:対応|つな|代わ|替わ|案内)"
    r"|(?:の)?(?:対応|担当)(?:だ|で|し|$))",
    rf"(?P<name>{NAME_JA})(?:さん|くん|君|氏|主任|係長|課長|部長|店長)",
    rf"\b(?:spoke|speaking|speak|spoken|talked|talking|chatted|dealt|dealing)\s+(?:to|with|w/?)\s+"
    rf"(?:(?:a|an|the|some)\s+)?(?:(?:lady|guy|man|woman|chap|girl|agent|person"
    rf"|someone)\s+(?:called|named)\s+)?"
    rf"{_TITLE}(?P<name>{NAME_EN})",
    rf"\b(?:agent|operator|rep|advis[eo]r|representative|clerk|handler|colleague|guy|lady|woman"
    rf"|man|chap|girl)(?:'s)?(?: name)?"
    rf"\s*(?:(?:is|was|called|named|by the name of)\b|,|:)?\s*{_TITLE}(?P<name>{NAME_EN})",
    r"\b(?:whose\s+)?(?:sur)?name\s+(?:that\s+)?(?:began|begins|beginning|starts|started"
    rf"|starting)\s+with\s+(?P<name>{NAME_EN})",
    rf"\b(?:called|named)\s+{_TITLE}(?P<name>{NAME_EN})",
    rf"\b(?:a|an|the|some)?\s*(?:{TITLE_EN})(?P<name>{NAME_EN})",
    rf"\b(?P<name>{NAME_EN})(?=\s+(?:answered|helped|took (?:the|my|her|his|their) call"
    rf"|dealt with|picked up|served|handled|passed))",
    rf"(?P<name>{NAME_EN})\s+(?:somebody|something|someone)\b",
    # "With" and a name are all of the phrase: "a problem with Visa" is none.
    rf"(?:^|[,.;:/|(…–-]\s*|\0\s*|\bSTOP\s+)with\s+{_TITLE}(?P<name>{NAME_EN})"
    r"(?=\s*(?:[,.;:/|)…–-]|$)|\s+(?:or|STOP)\b)",
)
_NAME_CUES: Final = (
    rf"(?P<name>{NAME_JA})\s?(?:様|さま|殿)",
    rf"(?:お?名前)\s*(?:は|が|:|\s)\s*(?P<name>{NAME_JA})(?:\s?{TITLE_JA})?(?=です|で|と|[、。\s]|$)",
    rf"\b(?:yours (?:faithfully|sincerely|truly)|(?:(?:kind|best|warm) )?regards|sincerely|thanks)"
    rf"\s*[,.!]?\s+(?P<name>{NAME_EN})\s*$",
    rf"\bname\s*(?:is|was|:)\s*(?P<name>{NAME_EN})",
)
# Who introduces himself, where the name is known as one: 株式会社ミドリの佐藤です。こちらは小林、
INTRODUCED: Final = tuple(
    re.compile(each)
    for each in (
        rf"(?:(?<=の)|(?<=[。\0\s、])|^)(?P<name>{NAME_JA})(?:です|でございます)(?=[。、\s]|が|$)",
        rf"(?:こちら|当方|私|わたし)は、?(?P<name>{NAME_JA})(?:です)?(?=[。、\s]|$)",
    )
)
# 様, and a name without a word whose it is, are of customers; they count after all that says more.
CUES: Final = tuple(
    (re.compile(cue, re.IGNORECASE), customer)
    for cues, customer in ((_CUSTOMER_CUES, True), (_AGENT_CUES, False), (_NAME_CUES, True))
    for cue in cues
)
MORE: Final = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (
        rf"{_OR}{_TITLE}(?P<name>{NAME_JA}|{NAME_EN})(?:{TITLE_JA})?",
        # What somebody was called before, or is called now.
        rf"\s*[(（][^()（）]*?(?:旧姓?|元|今は|現在は"
        rf"|現姓?)\s*:?\s*(?P<name>{NAME_JA})(?:{TITLE_JA})?\s*[?？]?[)）]",
        # The same name in other letters.
        rf"\s*[(（](?:{_OR})?(?P<name>{NAME_JA})[)）](?:{TITLE_JA})?",
        rf"\s*[(（]?\s*,?\s*(?:now|formerly|n[eé]e|later)\s+(?P<name>{NAME_EN})[)）]?",
        rf",\s*(?P<name>{NAME_EN})\?",
    )
)
