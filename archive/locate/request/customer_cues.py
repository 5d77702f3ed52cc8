"""Words beside which names of customers stand: お客様は, "the caller was", 様.

Tables. Knows nothing of who is known, nor of agents.
"""

from typing import Final

from archive.locate.request.cue_words import ENDS, LINK_EN, TITLE
from archive.locate.request.name_words import NAME_EN, NAME_JA
from archive.locate.who.titles import TITLE_EN, TITLE_JA

_FAMILY: Final = r"(?:(?:妻|夫|主人|家内|父|母|息子|娘|兄|姉|弟|妹|祖父|祖母|両親)の)?"
_CUSTOMER: Final = (
    r"(?:お客(?:様|さま|さん)|顧客|客|ご?(?:本人|契約者|名義人?|依頼者|依頼人|利用者|申込者"
    r"|請求者|申請者)"
    r"|申し?出人|発信者|架電者|入電者|相談者|問い?合わ?せ者|会員|加入者|ユーザー|電話の主"
    r"|(?:お?電話(?:を)?(?:し|かけ)|かけ|掛け|架電し|入電し)(?:てき|てこられ)?た(?:の|人|方|者"
    r"|お客様))"
    r"(?:様|さま|さん)?"
)
_CALLER_EN: Final = (
    r"(?:(?:the\s+)?(?:customer|cust\b\.?|caller|client|cx\b|requester|requestor|member|subscriber"
    r"|policyholder|(?:account|policy|contract|card)[ -]?holder|data subject|complainant|claimant))"
)
_CALLED_EN: Final = r"(?:called|rang|phoned|telephoned|wrote|complained)"
CUSTOMERS: Final = (
    rf"{_CUSTOMER}(?:(?:の)?(?:お?名前|氏名|お?名|苗字|名字|姓)\s*(?:は|が|[:=])"
    rf"|\s*(?:は|が(?=[一-鿿])|[:=、]))\s*{_FAMILY}(?P<name>{NAME_JA}){ENDS}(?:{TITLE_JA})?",
    rf"(?:(?<!担当者)(?<!応対者)(?<!対応者)氏名|フルネーム|(?:お客様|顧客|契約者|名義人|会員"
    rf"|発信者)名)\s*(?:は|が|[:=]"
    rf"|\s)\s*{_FAMILY}(?P<name>{NAME_JA}){ENDS}(?:{TITLE_JA})?",
    r"[「『\"“](?P<name>[^」』\"”\n]{1,20})[」』\"”]\s*(?:さん|様)?(?:と|って)(?:名乗|名のり"
    r"|申し)[ぁ-ゖ]{0,2}",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:と|って)(?:名乗|名のり|申し|申す)[ぁ-ゖ]{{0,2}}",
    rf"(?:私|わたし|当方)(?:は|、)\s*(?P<name>{NAME_JA})(?=です|と申|といい)",
    rf"(?P<name>{NAME_JA})(?:様|さま)?(?:の)?名義",
    rf"(?P<name>{NAME_JA})(?:様|さま)(?=(?:から|より)|の(?:お?電話|ご?契約|件)|が(?:お?電話"
    rf"|ご?連絡))",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:と(?:いう|言う|おっしゃる)|って(?:いう)?"
    rf"|姓の)(?:お?客|顧客)(?:様|さま|さん)?",
    rf"\b{_CALLER_EN}(?:'s)?{LINK_EN}(?:gave (?:the name|(?:his|her|their) name as)\s+)?"
    rf"{TITLE}(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:account|contract|subscription|policy) name\s*(?:is|was"
    rf"|:)?\s*{TITLE}(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:my name(?:\s+(?:is|was|gave)\b|['’]s\b|:|,)?|name of (?:the )?(?:customer|caller"
    rf"|client)"
    rf"(?:\s*(?:is|was|:))?)\s*{TITLE}(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:in the name of|under the name(?: of)?|account of|gave (?:his|her|the|their) name as"
    rf"|i am|i'm|on behalf of|registered (?:to|under|with))"
    rf"\s+{TITLE}(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:my|her|his) (?:mother|father|wife|husband|son|daughter|partner|parents?)(?:'s)?"
    rf"(?:\s+(?:call|phone call))?\s*[(,]\s*{TITLE}(?P<name>{NAME_EN})",
    rf"\b(?:{TITLE_EN})(?P<name>{NAME_EN})(?:[- ]san)?(?=\s+{_CALLED_EN}\b)",
    rf"\b(?P<name>{NAME_EN})[- ]sama\b",
)  # fmt: skip
MAYBE_CUSTOMERS: Final = (
    # 申出人 倉田様, お客様の倉田さん: お客様の要望 is none.
    rf"{_CUSTOMER}(?:\s+|の\s?|(?![ぁ-ゖ]))(?P<name>{NAME_JA})(?={TITLE_JA}|です|で|と|[、。,;/)\s]"
    rf"|$)(?:{TITLE_JA})?",
    rf"(?<![一-鿿])(?:姓|苗字|名字)(?:は|が|[:=])\s*(?P<name>{NAME_JA}){ENDS}",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=(?:から|より)(?:の)?(?:入電|着信|受電"
    rf"|お?電話(?:です|があ|[、。,;/\s]|$)))",
    rf"\b(?:my |her |his |the )?(?:sur|last |family )name\s*(?:is|was|:)?\s*{TITLE}"
    rf"(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:this is|i act for|acting for)\s+{TITLE}(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:call|message|voicemail|enquiry|inquiry|complaint|query"
    rf"|request) from\s+{TITLE}(?P<name>{NAME_EN})",
    rf"\b(?P<name>{NAME_EN})(?:[- ]san)?(?=\s+{_CALLED_EN}\b(?!\s+(?:me|her|him|them|back|up)\b))",
    rf"\b(?P<name>{NAME_EN})\s+here\b(?=\s*(?:[,.;:]|$))",
    rf"\b(?P<name>{NAME_EN})\s*(?:,\s*the|\()\s*(?:customer|caller|client)\b\)?",
)  # fmt: skip
# A name without a word whose it is.
NAMES: Final = (
    rf"(?P<name>{NAME_JA})\s?(?:様|さま|殿)",
    rf"(?:お?名前)\s*(?:は|が|:|\s)\s*(?P<name>{NAME_JA})(?:\s?{TITLE_JA})?(?=です|で|と"
    rf"|[、。\s]|$)",
    rf"\b(?:yours (?:faithfully|sincerely|truly)|(?:(?:kind|best|warm) )?regards|sincerely|thanks)"
    rf"\s*[,.!]?\s+(?P<name>{NAME_EN})\s*$",
    rf"(?<!whose )(?<!the )\bname\s*(?:is|was|:)\s*(?P<name>{NAME_EN})",
    rf"\bthe name\s*(?:is|:)\s*(?P<name>{NAME_EN})",
)  # fmt: skip
