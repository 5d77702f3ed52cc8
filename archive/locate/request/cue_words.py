"""What stands between a word that tells of a name and the name, and what joins two names.

A table. Knows nothing of whose a name is.
"""

from typing import Final

from archive.locate.who.titles import TITLE_EN, TITLE_JA

_PERHAPS: Final = r"(?:maybe|perhaps|possibly|probably|either|else|rather|was it|it was)"
# Before a name in English: "either a Ms".
TITLE: Final = (
    rf"(?:{_PERHAPS}\s+)?(?:an?\s+(?:certain\s+)?)?(?:{TITLE_EN})?"
    rf"(?:(?-i:[A-Z])\.?\s+(?=(?-i:[A-Z])[a-z])){{0,2}}"
)
NAMED_EN: Final = (
    r"(?:called (?:him|her)self|introduced (?:him|her)self as|calling (?:him|her)self"
    r"|(?:going |went |goes )?by the name(?: of)?|went by|goes by|called|named|who said (?:his"
    r"|her) name was)"
)
# Before the name of somebody who was named: "agent was called", "agent: ".
LINK_EN: Final = (
    rf"(?:\s+(?:sur|last |family |first |given )?name)?\s*"
    rf"(?:(?:(?:is|was|were|being)\b\s*(?:{NAMED_EN})?|{NAMED_EN}|sounded like|might have been"
    rf"|must have been|could have been|may have been)\b|[,:=(#]|\s[-–—]\s)?"
    r"\s*(?:(?:possibly|perhaps|maybe|probably|either|i think)\s+)?"
)
_OR_JA: Final = (
    r"(?:か(?!ら|も)|または|又は|もしくは|若しくは|あるいは|或いは|それとも|ないしは?|とか(?!い|言)"
    r"|(?:で|じゃ)な(?:ければ|かったら)|かもしれないし|だったか|(?:、|\s)いや、?)"
)
OR: Final = (
    rf"(?:、?\s*(?:{_OR_JA}|or)"
    rf"(?:、?(?:もしか(?:すると|したら|して)|たぶん))?、?\s*{_PERHAPS}?\s*"
    r"|[、,]?\s*もしか(?:すると|したら|して)、?"
    rf"|\s*/\s*|\s*\?\s*(?:or\s+)?|,?\s+or\s+(?:{_PERHAPS}\s+)?(?:like\s+)?(?:an?\s+)?"
    rf"|[\s,(–-]+(?:or\s+)?(?:(?:it|he|she)\s+)?(?:could|might|may) (?:(?:also|just as well)\s+)?"
    r"(?:have been|be)\s+|,?\s+(?:alternatively|if not|not sure if|or rather),?\s+"
    r"|\s*[,(（–-]+\s*(?:or\s+)?(?:maybe|perhaps|possibly|or)\s+)"
)
# So little joins them that the second has to look like a name.
LOOSE: Final = ("/", "?")
# Behind a name no other kana stand than of a title or a particle: 担当は覚えていない.
ENDS: Final = (
    rf"(?={TITLE_JA}|[^ぁ-ゖ]|$|か(?!ら|っ)|[とがでだにのをはも]|もしく|または|あるい|ないし"
    r"|それと)"
)
