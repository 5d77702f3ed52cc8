"""Words beside which names of agents stand: "handled by", 担当は, "X took it", Xという方.

Tables. Knows nothing of who is known, nor of customers.
"""

from typing import Final

from archive.locate.request.cue_words import ENDS, LINK_EN, NAMED_EN, TITLE
from archive.locate.request.name_words import NAME_EN, NAME_JA
from archive.locate.who.titles import TITLE_EN, TITLE_JA

_MADE: Final = (
    r"(?:し(?:た|て(?:くれ|下さっ|くださっ|いただい|頂い|もらっ|い)た|ていただきました)"
    r"|された|いただいた|頂いた|なさった)"
)
_DONE: Final = (
    rf"(?:(?:ご|お)?(?:担当|応対|対応|説明|案内|受付|受電|お?話し?|会話|通話|相談){_MADE}"
    r"|お?話をした|相談に乗ってくれた"
    r"|(?:(?:お?電話(?:口)?|受話器)(?:に|を|で|が|は)?)?(?:受け|出|取っ|応じ|つながっ|繋がっ)"
    r"(?:た|て(?:くれ|下さっ|くださっ|いただい|頂い|もらっ|い)た|られた|ていただきました))"
)
_WHO: Final = r"(?:の|人|方|者|相手|担当(?:者)?|オペレーター|スタッフ)(?:の方)?"
_NAME_OF: Final = r"(?:の)?(?:お?名前|氏名|苗字|名字|名|姓)?"
_ROLE: Final = (
    r"(?:(?:電話|受付|通話|ご?対応|一次)?担当(?:者|の方|の者|の人)?|オペレーター?|コミュニケーター"
    r"|(?:対応|応対|受電|受付|応答)者|(?:お?電話)?(?:受け手|出た者|取次者)|電話口(?:の(?:方|人))?"
    r"|(?<![A-Za-z])OP(?![A-Za-z]))"
)
_PLACE: Final = r"(?:御社|貴社|弊社|当社|当方|そちら|そちらさま|貴店|貴センター|会社)"
_BE_JA: Final = r"\s*(?:は|が|[:=])\s*(?:(?:たしか|確か|たぶん|多分|おそらく|恐らく)、?)?[「『]?"
_NAMED_JA: Final = (
    r"(?:と(?:いう|言う|いった|言った|おっしゃる|仰る|か(?:いう|言う))|って(?:いう|言う)?)"
)
_STAFF: Final = r"(?:担当(?:者)?|オペレーター?|スタッフ|社員|係(?:員)?|お姉さん|コミュニケーター)"
_PERSON: Final = rf"(?:{_STAFF}|女性|男性|若い|女の|男の|方|人|者|子|おじさん|お兄さん)"
_ROLE_EN: Final = (
    r"(?:agents?|agt|operator|oper|rep|csr|advis[eo]r|representative|clerk|(?:call )?handler"
    r"|colleague"
    r"|employee|(?:member of |your )?staff(?: member)?|team member|assistant|consultant"
    r"|call taker|respondent)"
)
_ANY_EN: Final = rf"(?:{_ROLE_EN}|guy|lady|woman|man|chap|girl|gentleman|person|someone|somebody)"
_SPOKE_EN: Final = (
    r"(?:(?:who|that|whom)?\s*(?:i|we|she|he|they|the customer)\s+(?:(?:had|have|'d|'ve)\s+)?"
    r"(?:spoke|spoken|talked|dealt|chatted)\s+(?:to|with)|(?:who|that)\s+"
    r"(?:answered|helped|took|picked up|dealt with|handled|served|assisted|spoke to|spoke with"
    r"|came on)"
    r"(?:\s+(?:me|us|her|him|them|it|the (?:phone|call|line)|my call))?|on the (?:line|phone"
    r"|other end)"
    r"|at (?:your|the other) end)"
)
_HELPED_EN: Final = (
    r"(?:answered|helped|dealt|picked (?:it )?up|served|handled|assisted|attended|fielded)"
)
_OBJECT_EN: Final = (
    r"(?:\s+(?:to|with|after|up|it|this|that|me|us|her|him|them|(?:the|my|her|his|their|our)\s+"
    r"(?:(?:phone )?call|phone|line|matter|query|customer)))*"
)
_TAKEN_EN: Final = (
    r"took\s+(?:it|this|that|(?:the|my|her|his|their|this|that|our)\s+(?:(?:phone )?call|one"
    r"|enquiry|inquiry|query))(?![A-Za-z])"
)
# A name behind them is sure to be one.
NAMED_AGENTS: Final = (
    # 担当者は倉田, 電話に出てくれた方の名前は倉田
    rf"(?:{_ROLE}|{_DONE}(?!の){_WHO}){_NAME_OF}{_BE_JA}(?P<name>{NAME_JA}){ENDS}"
    rf"(?:{TITLE_JA})?(?:(?:と|って)(?:名乗|名のり|申し|言っ|いっ|おっしゃ|仰)[ぁ-ゖ]{{0,6}})?",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:と|って)(?:名乗[るっ]|名のる|申す|おっしゃる|仰る)"
    rf"(?:た|ていた)?(?:女性|男性|若い)?(?:の)?{_STAFF}",
    rf"\b{_ROLE_EN}\b\.?(?:['’]?s)?(?:\s+(?:{_SPOKE_EN}))?{LINK_EN}{TITLE}(?P<name>{NAME_EN})",
    rf"\bname of (?:the |your |our )?{_ROLE_EN}\s*(?:was|is|:)?\s*{TITLE}(?P<name>{NAME_EN})",
)  # fmt: skip
# It is one where it is made as names are.
MAYBE_NAMED_AGENTS: Final = (
    rf"{_DONE}の(?:は|が)\s*(?P<name>{NAME_JA}){ENDS}(?:{TITLE_JA})?",
    rf"(?:ご?(?:対応|応対)|受電|受付|係(?:員|の方|の人)?|スタッフ|社員|(?:お?話し?|通話|電話"
    rf"|会話)の?相手"
    rf"|窓口の(?:方|人)){_NAME_OF}{_BE_JA}(?P<name>{NAME_JA}){ENDS}(?:{TITLE_JA})?",
    # 担当 倉田, 応対者倉田, 担当（倉田）: 担当変更 is none.
    rf"(?:(?:{_ROLE}|ご?(?:対応|応対)|受電|受付|一次受け)(?:の)?(?:お?名前|氏名|名)?"
    rf"\s*[、・/(「『-]?\s*(?![ぁ-ゖ者])|{_ROLE}名?[\s・(「『]?"
    rf"(?![ぁ-ゖー]+(?!{TITLE_JA})[一-鿿]))"
    rf"(?P<name>{NAME_JA}){ENDS}(?:{TITLE_JA})?",
    rf"(?:{_PLACE}(?:の|(?![ぁ-ゖ]))|(?:社員|スタッフ|係(?:員)?|担当(?:者)?|オペレーター|窓口"
    rf"|受付)の)"
    rf"(?P<name>{NAME_JA}){ENDS}(?:{TITLE_JA})?",
)  # fmt: skip
AGENTS: Final = (
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?{_NAMED_JA}(?:名前の|苗字の|お名前の)?{_PERSON}"
    r"(?:の)?(?:担当(?:者)?|方|人|オペレーター|女性|男性)?",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:{_NAMED_JA}|みたいな|のような|っぽい|に似た)"
    rf"お?(?:名前|苗字|名字)(?:の|だ(?:った)?|でし(?:た)?)?{_PERSON}",
    rf"(?:お?名前は|苗字は)?(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:と|に|って|みたいに"
    rf"|のように)(?:聞こえ|きこえ|聞き取)[ぁ-ゖ]{{0,4}}",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=(?:[(（][^()（）]*[)）])?と[^、。と]{{0,16}}?(?:話し"
    rf"|話した|お話))",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=と(?:話|お話|会話|通話)|が(?:対応|担当|出|電話に出"
    rf"|受け)|に(?:対応|つな|代わ|替わ|案内))",
    rf"(?P<name>{NAME_JA})(?:さん|くん|君|氏|主任|係長|課長|部長|店長)",
    rf"\b(?:spoke|speaking|speak|spoken|talked|talking|chatted|dealt|dealing)\s+(?:to|with|w/?)\s*"
    rf":?\s*(?:(?:a|an|the|some|one of your)\s+)?(?:(?:{_ANY_EN})s?,?\s+(?:{NAMED_EN})?\s*)?"
    rf"(?:either\s+)?{TITLE}(?P<name>{NAME_EN})",
    rf"\b{_ANY_EN}(?:['’]?s)?(?:\s+(?:{_SPOKE_EN}))?{LINK_EN}{TITLE}(?P<name>{NAME_EN})",
    r"\b(?:whose\s+)?(?:sur)?name\s+(?:that\s+)?(?:began|begins|beginning|starts|started"
    rf"|starting)\s+with\s+(?P<name>{NAME_EN})",
    rf"\b{NAMED_EN}\s+(?:either\s+)?{TITLE}(?P<name>{NAME_EN})",
    rf"\b(?:handled|answered|served|assisted|dealt with|attended(?: to)?|fielded)\s+by\s*:?\s*"
    rf"(?:(?:a|an|the|your|our|one|some|either)\s+)*(?:{_ANY_EN}s?,?\s+(?:{NAMED_EN})?\s*)?"
    rf"{TITLE}(?P<name>{NAME_EN})",
    rf"\b(?P<name>{NAME_EN})[- ]san\b",
    rf"\b(?:a|an|the|some)?\s*(?:{TITLE_EN})(?P<name>{NAME_EN})",
    rf"\b(?P<name>{NAME_EN})\s+(?:{_HELPED_EN}{_OBJECT_EN}|{_TAKEN_EN})",
    rf"\b(?P<name>{NAME_EN})(?=\s+(?:passed|put (?:me|us|her|him|them) through|transferred))",
    rf"(?P<name>{NAME_EN})\s+(?:somebody|something|someone)\b",
    # "With" and a name are all of the phrase: "a problem with Visa" is none.
    rf"(?:^|[,.;:/|(…–-]\s*|\0\s*|\bSTOP\s+)with\s+{TITLE}(?P<name>{NAME_EN})"
    r"(?=\s*(?:[,.;:/|)…–-]|$)|\s+(?:or|STOP)\b)",
)  # fmt: skip
MAYBE_AGENTS: Final = (
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:{_NAMED_JA}|みたいな|のような|っぽい|に似た)"
    r"お?(?:名前|苗字|名字)",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?が(?:応対|対応|担当|出|(?:お?電話(?:口)?(?:に|を"
    rf"|で)?)?(?:受け"
    r"|出|取っ|応じ)|説明|案内|回答|受電|応答|(?:お?電話)?口)[ぁ-ゖ]{0,3}",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:の)?(?:対応|担当|応対|受電|受け)(?=だ|で|し"
    rf"|[、。,;/)\s]|$)",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=に(?:お世話|相談|説明|聞い|伝え|話し|お願いし|受け))",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:だったと思|だった気がし|だったはず|だったかも"
    rf"|と(?:か)?思)[ぁ-ゖ]{{0,5}}",
    rf"(?<![ぁ-ゖ])(?:(?:たしか|確か|たぶん|多分|おそらく|恐らく)、?)(?P<name>{NAME_JA}){ENDS}(?:{TITLE_JA})?",
    r"\b(?:taken|picked up|received|processed|helped|managed|looked after|called|told|advised)\s+by"
    rf"\s*:?\s*(?:(?:a|an|the|your|our|one)\s+)?{TITLE}(?P<name>{NAME_EN})",
    rf"(?:\b(?:conversation|chat|(?:phone )?call|discussion|talk)\s+with\s+|\bw/\s*){TITLE}"
    rf"(?P<name>{NAME_EN})(?=\s*(?:[,.;:/|)…–?-]|$)|\s+(?:or|on|at|about|in|re|last|this)\b)",
    rf"\b(?:on|over) the (?:phone|line) (?:with|to)\s+{TITLE}(?P<name>{NAME_EN})",
    rf"(?:(?<=\bgot )|(?<=\bhad )|(?<=\breached )|(?<=\bthrough to )|(?<=\bconnected to )"
    rf"|(?<=\btransferred to )|(?<=\bpassed to )|(?<=\bhanded to )|(?<=\bgot hold of )"
    rf"|(?<=\bwith )){TITLE}(?P<name>{NAME_EN})(?:\s+on the (?:line|phone))?",
    rf"\b(?:it|that|this time it)(?:\s+(?:was|must have been|might have been|may have been"
    rf"|could have been|had been)|['’]d been)\s+(?:either\s+)?{TITLE}(?P<name>{NAME_EN})"
    rf"(?:\s+(?:who|that|whom|i|we)\b[^,.;:/|]{{0,24}}?(?:helped|answered|took|picked up|dealt"
    rf"|handled|spoke|talked|served|assisted){_OBJECT_EN})?",
    rf"\b(?:name\s+)?(?:was\s+)?(?:sounded|sounds|something|somebody"
    rf"|someone)\s+(?:a bit\s+)?like\s+"
    rf"{TITLE}(?P<name>{NAME_EN})",
    rf"\bthe (?:sur)?name\s+(?:(?:was|given was|i (?:have|noted|got|remember|recall"
    rf"|wrote down)(?: is"
    rf"| was)?)\s+)?{TITLE}(?P<name>{NAME_EN})",
    rf"\bname given\s*[:,]?\s*(?P<name>{NAME_EN})",
    rf"\bwhose (?:sur)?name was\s+{TITLE}(?P<name>{NAME_EN})",
    rf"\b(?:your|our) (?:end|side)\s*[:,]?\s*(?:it was\s+)?{TITLE}(?P<name>{NAME_EN})",
    rf"\b(?:your|our)\s+{TITLE}(?P<name>{NAME_EN})",
    rf"\b(?P<name>{NAME_EN})\s+(?:was|is)\s+(?:the (?:one|person|{_ANY_EN})|(?:my|the|your|our"
    rf")\s+{_ROLE_EN}|the name|(?:also )?on the (?:line|phone|other end)|at (?:your|the other"
    rf"|our) end)"
    rf"(?:\s+(?:{_SPOKE_EN}|who\s+{_HELPED_EN}{_OBJECT_EN}))?",
    rf"\b(?P<name>{NAME_EN})\s+(?:looked after|spoke (?:to|with)|talked (?:to|with|me)|told|advised"
    rf"|explained|promised|assured|came on(?: the line)?)(?:\s+(?:me|us|her|him|them))?\b",
    rf"\b(?P<name>{NAME_EN}),?\s+(?:on|at) (?:your|our|the other) (?:end|side)\b",
    rf"\b(?P<name>{NAME_EN}),?\s+(?:i|we) (?:spoke|talked|dealt) (?:to|with)\b",
    rf"\b(?P<name>{NAME_EN})(?=,?\s+(?:i think|i believe|i guess|i suppose|or (?:similar"
    rf"|something|so|the like)|if i (?:remember|recall)|if memory)\b)(?:\s+or (?:similar|something"
    rf"(?: (?:like that|similar))?|so|the like))?",
)  # fmt: skip
