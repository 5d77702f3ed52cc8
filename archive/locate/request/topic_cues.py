"""Words that say that what stands beside them is what a call was about: "regarding", 〜の件, 関連.

Tables. Knows no topics.
"""

import re
from typing import Final

from archive.locate.request.found import TAKEN

_DO: Final = r"(?:had|has|have|having|was|were|is|something|anything)"
_TALK: Final = r"(?:call|conversation|contact|calling|enquiry|inquiry|phone call|discussion|chat)"
_OF_IT: Final = (
    rf"(?:\s+(?:of|for|behind)\s+(?:(?:the|my|our|this|that|his|her|their)\s+)?{_TALK})?"
)
_IS: Final = r"\s*(?:\bwas\b|\bis\b|\bbeing\b|[:=])"
# What follows is what it was about, to the end of the phrase.
CUE_BEFORE: Final = re.compile(
    r"\b(?:(?:about|abt|regarding|re|subject|topic|concerning|reporting|report|over|because of"
    r"|due to|wrt|w/r/t|in re"
    r"|with respect to|with regards? to|in regards? (?:to|of)|as regards|in connection with"
    r"|connected (?:to|with)|in relation to|(?:it\s+)?(?:was\s+|were\s+)?relat(?:ed|ing|es) to"
    r"|pertain(?:ed|ing|s) to|in respect of|wanted|wants"
    rf"|(?:it\s+)?(?:{_DO}\s+)*to do with|(?:dealt|dealing|deals) with"
    r"|(?:to\s+)?discuss(?:ed|ing)?|(?:talk(?:ed|ing)?|spoke|speaking|going|went) (?:through|over)"
    r"|(?:it\s+)?concern(?:ed|s)|touch(?:ed|ing) (?:up)?on|cent(?:re|er)e?d (?:up)?(?:on|around)"
    r"|revolv(?:ed|ing) around|(?:on|to) the (?:subject|topic|matter|question|issue) of"
    r"|in the matter of|on account of|(?:enquir|inquir)(?:ed|y|ing) (?:after|as to|into)"
    r"|mention(?:ed|ing)(?=\s+(?:a|an|the|his|her|their|my|some|[^\x00-\x7f])\b)"
    r"|involv(?:ed|ing)(?=\s+(?:a|an|the|his|her|their|my|some|[^\x00-\x7f]))"
    r"|cover(?:ed|ing)(?=\s+(?:a|an|the|some|[^\x00-\x7f]))|(?:linked|tied) (?:to|with)"
    r"|(?:(?:calling|ringing|phoning|hoping|looking|asking|asked|applied|applying|wished) for"
    r"|seeking|requested|requesting|needed|arrang(?:e|ed|ing))(?=\s+(?:a|an|some)\b)"
    r"|(?:called|rang|phoned|telephoned)\s+(?:(?:us|you|in|up)\s+)?for(?=\s+(?:a|an|the|some)\b)"
    r"|(?:problem|issue|trouble|query|question|enquiry|inquiry)s?"
    r"\s+(?:with|about|on|over|regarding|concerning))"
    r"\b\s*(?:was|is|being|:|=)?"
    rf"|(?:(?:subject|topic)\s+of\s+(?:(?:the|my|our|this|that)\s+)?{_TALK}"
    rf"|(?:reason|purpose|nature|content|gist)\s+(?:of|for|behind)\s+"
    rf"(?:(?:the|my|our|this|that|his|her|their)\s+)?{_TALK}|{_TALK}\s+(?:reason|purpose|topic)"
    rf"|(?:matter|theme|issue|problem|question|query|gist|contents?|keywords?|subj\.?|category"
    rf"|cause|(?:call|case|contact|enquiry|inquiry|request) type|complaint){_OF_IT}"
    rf"(?=\s*(?:was|is|being|[:=]))){_IS}?)"
    r"\s*[「『\"“]?(?:(?:to|a|an|the|his|her|their|my|some)\s+)*"
    r"|(?:(?:相談|問い?合わ?せ|お?話|通話|電話|会話)の?内容|(?<![るのたな])内容|用件|要件|用事|件名|主訴|題名|テーマ"
    r"|主題|話題|議題|主旨|要旨|趣旨|概要|題目|トピック|キーワード|話の中身|(?<![求示用の])目的|電話の目的)"
    r"(?:\s*(?:としては|は|が|:|=)\s*|\s+)[「『\"“]?"
    r"|(?:種別|分類|カテゴリー?|区分|項目|問い?合わ?せ|相談|質問|話した内容)"
    r"\s*(?:は|[:=])\s*[「『\"“]?",
    re.IGNORECASE,
)
_SORT_JA: Final = (
    r"(?:関連(?:事項)?|(?<!の)関係(?!者|ない|なく)|絡み|がらみ|からみ|案件|目的|系(?:の話|統)?"
    r"|(?:まわ|周|回)り(?:の話)?)"
)
_TOLD_JA: Final = (
    rf"[のがに]?{_SORT_JA}(?:の(?:お?電話(?!番号)|通話|話|件|内容|こと|お?問い?合わ?せ))?"
    r"|の(?:ご?件|お?電話(?!番号|機|代|料|口|回線)|通話(?!料)|こと|お?話(?:題)?|ご?用(?:件|事)?"
    r"|要件|案件|内容|お?問い?合わ?せ|ご?相談|届け?出?|ご?依頼|申し?(?:込み?|出)?"
    r"|やり?取り?|やりとり|会話|ご?質問|ご?要望|トラブル"
    r"|ご?苦情|クレーム|お?手続き?|ご?連絡|ご?説明)"
    r"|の(?:事(?![務故業項情前後])|関係(?=で)|対応|処理|ご?案内|ご?確認|交渉|不満|催促|申請|照会)"
    r"|(?:ご?希望|ご?依頼|ご?相談|問い?合わ?せ|申し?込み?|申請|対応|処理|ご?案内|照会)"
    rf"(?=[。、,;:\s)）」{TAKEN}]|$|[をがでにだ]|の(?!ため)|した|です|でし)"
    r"|と(?:いう|いった)(?:ご?用件|要件|内容|お?話|件|ご?相談)"
    r"|に?(?:ついて|つき(?:まして)?)"
    r"|に(?:関(?:して|する|わる|連(?:する|した|して|の)?)|係る|係わる|かかわる|まつわる)"
    r"(?:の?(?:内容|話|件|こと|お?電話(?!番号)|通話|ご?相談|お?問い?合わ?せ|やりとり))?"
    r"|を(?:めぐ(?:る|って)|巡(?:る|って))"
    r"|[がをは](?:主題|話題|テーマ|用件|要件|議題|焦点|メイン|中心|トピック)"
    r"|を(?:ご?依頼|お?願い?|希望|相談|申し?込み?|話題|問い?合わ)"
    r"|で(?:お?問い?合わ?せ|ご?相談)"
)
# It stands behind what it was about.
CUE_AFTER: Final = re.compile(
    rf"\s*(?:{_TOLD_JA})"
    r"|[-\s]related\b"
    r"|\s+(?:was|is|being|were|as)\s+(?:(?:the|our|his|her|my|a|what|being)\s+)?(?:main\s+|whole\s+)?"
    r"(?:(?:topic|subject|matter|theme|issue|problem|reason|purpose|point|gist)\b"
    r"(?:\s+(?:of|for)\s+(?:(?:the|our|that|this|my|his|her)\s+)?\w+)?"
    r"|(?:mentioned|discussed|raised|talked about|brought up|spoken (?:about|of))\b"
    r"|(?:we|they|it|he|she|i)\s+(?:(?:was|were)\s+)?(?:all\s+)?"
    r"(?:talk(?:ed|ing)|spoke|speaking|discuss(?:ed|ing)|called|rang)(?:\s+(?:about|of|for|over))?)"
    r"|\s+(?:came|coming) up\b"
    r"|\s+(?:enquir(?:y|ies)|inquir(?:y|ies)|quer(?:y|ies)|topic|issues?|problems?|questions?"
    r"|requests?|discussion|thing|stuff|business)\b",
    re.IGNORECASE,
)
# Of these alone it may also have been about what nobody knows for a topic: データの件.
STRONG: Final = re.compile(
    r"\b(?:about|regarding|concerning|subject|topic)\b|件|ついて|関|内容|用件", re.IGNORECASE
)
