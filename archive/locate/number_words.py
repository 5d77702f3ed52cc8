"""Words around digits that say what part of a number they are, as patterns of folded texts.

A table. Knows nothing of what is made of them; digits that are spelt out are digits by then.
"""

import re
from typing import Final

_MASK: Final = r"[*x•・●○?＊…_]"
_GAP: Final = r"[\s().\-‐-―−ーの]"
# Behind a full stop another sentence begins.
_BETWEEN: Final = rf"(?:(?!\.\s){_GAP}){{0,2}}"
# Digits that count something are none of a number.
_COUNTED: Final = (
    r"\s?(?:年(?!会|賀)|月(?!末|初)|日(?!本)|時(?!期|差)|分(?!割|譲)|秒|円|個(?!人)|件(?!名)"
    r"|回(?![線答収])"
    r"|人(?!物)|歳|名(?![義前字])|割(?!引)|%|点(?!検)|台(?!風)|本(?![人日社])|枚|か月|ヶ月|カ月|週"
    r"|(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?)\b)"
)
# Far more than a number has; of all in a text each pattern would try each share.
DIGITS: Final = rf"\+?\d(?:{_BETWEEN}\d){{0,30}}(?!\d|{_COUNTED})"
OR: Final = re.compile(
    r"\s*(?:だった|でした)?[,、]?\s?(?:か|または|又は|もしくは|もしか(?:したら|すると)、?"
    r"|\b(?:or(?:\s(?:maybe|perhaps|possibly))?|maybe|perhaps))\s*"
)
# Of first or last digits and of an extension: what stands behind a space is another thing (0437
# 10.14), but for digits one by one or by twos (7 7 8 8, 77 88).
_APART: Final = r"(?!\d|\s?[./:月日時-]\s?\d|\s?[月日時]|\s[a-z])"
_RUN: Final = (
    rf"(?:\d(?:[\s・.]\d(?!\d)){{2,7}}{_APART}|\d\d(?:\s\d\d){{1,3}}{_APART}"
    rf"|\+?\d(?:[-‐-―−ー]?\d){{0,30}}(?!\d|{_COUNTED}))"
)
# 0120か0800で始まる, 末尾が77か88; of "or 10/29" they are a day.
_EITHER_DIGITS: Final = rf"(?P<d>{_RUN}(?:{OR.pattern}{_RUN}(?!\s?[/:月日])){{0,7}})"
MASKED: Final = re.compile(
    rf"(?P<first>(?:{DIGITS})?)"
    rf"(?:{_GAP}*{_MASK}{{2,}}(?:{_GAP}*{_MASK}+)*|\.{{3,}}(?!\s*\.))"
    rf"{_GAP}*(?P<last>(?:{DIGITS})?)"
)
_EXT_DIGITS: Final = r"\d(?:-?\d){0,7}(?!\d)"
_EXT_EN: Final = r"(?:ext(?:en|n|ension)?|internal|desk phone)"
_EXT_JA: Final = r"(?:内線|社内)(?:電話)?の?(?:番号)?"
EXTENSIONS: Final = (
    re.compile(
        rf"(?:{_EXT_JA}(?:no\.?|ナンバー)?(?:は|が|の|で)?"
        rf"|\b(?:{_EXT_EN}\b\.?|ext\.?(?=\d))(?:\s?(?:number|no|nr|num)\b\.?)?(?:\s(?:is|was))?"
        rf"|\bx\s?(?=\d{{1,6}}(?!\d)))"
        rf"\s*[:#=「(]?\s*(?P<d>{_EXT_DIGITS}"
        rf"(?:{OR.pattern}(?:内線|ext(?:ension)?\.?)?\s*{_EXT_DIGITS}(?!\s?[/:月日])){{0,7}})"
        r"番?(?:\s?\((?:extension|ext\.?)\))?"
    ),
    re.compile(
        r"(?<!\d)(?P<d>\d{2,6})(?:番?の?内線(?!番号|[は\d])|\s?\((?:extension|ext\.?|内線)\))"
    ),
)
# How many digits are told: 下4ケタ, 末尾の四文字, "last 4 digits of the phone number".
_COUNT_JA: Final = r"(?:の?\s*[\d二三四五六七八]\s*(?:桁|けた|ケタ|つ|文字))?(?:の?(?:数字|番号))?"
_COUNT_EN: Final = (
    r"(?:(?:two|three|four|five|six|seven|eight|\d(?!\d))(?:[\s:=]+|$|(?=[,.;)|])))?(?:digits?"
    r"|numbers?|figures?)?"
    r"(?:\s*(?:of|on|in)\s+(?:(?:the|my|his|her|their|our)\s+)?"
    r"(?:(?:phone|telephone|mobile|cell|caller'?s?)\s*)?(?:number|phone|telephone|mobile|cell)?)?"
)
LAST_DIGITS: Final = (
    re.compile(
        rf"(?:(?:お?客様|電話|携帯)?番号の)?(?:下|末尾|最後の?|終わ?り(?:の|が)?|お?しり|お?尻"
        rf"|[末終]番|ケツ|末(?=\d\s?(?:桁|けた|ケタ))|最終(?=\s?\d\s?桁)|締め|ラスト"
        rf"|後ろ)\s*{_COUNT_JA}\s*(?:が|は|の|で|だけ"
        rf"|[:=])?\s*[「『(]?{_EITHER_DIGITS}(?!\s?(?:桁|けた"
        rf"|ケタ|文字|つ))"
    ),
    re.compile(rf"{_EITHER_DIGITS}\s*(?:で|に|って)\s*(?:終わ|おわ)"),
    re.compile(rf"{_EITHER_DIGITS}\s*(?:が|は)\s*(?:下|末尾|最後の)\s*{_COUNT_JA}(?!\d)"),
    re.compile(
        rf"{_EITHER_DIGITS}\s+(?:(?:is|are|were|as|being)\s+(?:the|my|her|his|their)\s+(?:last"
        rf"|final)\s+"
        rf"{_COUNT_EN}|(?:at|on)\s+the\s+end(?:\s+of\s+(?:the|my|her|his|their)\s+number)?)"
    ),
    re.compile(
        rf"(?:(?:(?:end|finish|terminat)(?:e?s|ed|ing)?\s+(?:in|with|on)|ends|ending)"
        rf"|(?:last|final)[\s-]+{_COUNT_EN}\s*(?:is|are|were|being|of|:)?|finish(?:ing|es|ed)"
        rf"|\b(?:tail"
        rf"|suffix)(?:\s(?:is|was))?"
        rf"|\b(?:closing|last|tail)\s+(?:digits?|part|bit|numbers?)(?:\s(?:is|are|was"
        rf"|were))?)\s*:?\s*{_EITHER_DIGITS}"
    ),
    re.compile(
        r"\b(?:end|tail) of (?:(?:the|my|his|her|their) )?(?:phone |mobile )?number\s*"
        rf"(?:is|was|:)?\s*{_EITHER_DIGITS}"
    ),
)
# 03 5555, but not 070 10.14.
_FIRST_RUN: Final = rf"(?:\+?\d{{1,4}}(?:\s\d{{3,4}}{_APART}(?!\s?h(?:ou)?rs?\b))|{_RUN})"
FIRST_DIGITS: Final = (
    re.compile(rf"{_EITHER_DIGITS}\s*(?:で|から)\s*(?:始|はじ)"),
    re.compile(r"(?<![\d:-])(?P<d>0\d{1,4})\s*(?:始まり|はじまり)"),
    re.compile(r"(?<![\d-])(?P<d>0\d{1,4})\s*の?\s*(?:番号|電話|市外局番)"),
    re.compile(
        rf"(?:上|頭|最初の?|始まり|はじめの|初めの|先頭|冒頭|市外局番)\s*{_COUNT_JA}"
        rf"\s*(?:が|は|の|:)?\s*(?P<d>{_FIRST_RUN})"
    ),
    re.compile(
        rf"(?:(?:start(?:s|ed|ing)?|beg(?:ins?|an|inning))\s+(?:in|with)|beginning|starting)\s*"
        rf"{_EITHER_DIGITS}"
    ),
    re.compile(r"(?<![\d-])(?P<d>0\d{1,4})\s?[〜~](?!\s?\d)"),
    re.compile(r"\ba (?P<d>0\d{1,4}) number\b"),
    re.compile(r"\b(?P<d>0\d{1,4}) (?:something|prefix|to (?:begin|start) with)\b"),
    re.compile(
        r"\b(?:prefix(?:ed)?|(?:leading|initial|front) digits?|initially|front(?= is)"
        r"|commenc(?:es|ed|ing)|began|starts w/|dial(?:l?ing)? code"
        r"|(?<!area )(?<!post )(?<!zip )code"
        r"|opens with|at the (?:front"
        r"|beginning|start)"
        r"|number start(?:s|ed)?)(?:\s(?:is|was|with|by))?\s*:?\s*(?P<d>0\d{1,4})(?![\d:])"
    ),
    re.compile(r"(?<![\d:-])(?P<d>0\d{1,4})\s*スタート"),
    re.compile(r"(?:市外)?局番\s*(?:は|が|:)?\s*(?P<d>0\d{1,4})(?!\d)"),
    re.compile(r"(?<![\d:-])(?P<d>0\d{1,4}) (?:in|at) (?:the )?(?:front|start|beginning)\b"),
    re.compile(r"\b(?:starts|begins) (?P<d>0\d{1,4})(?![\d:])"),
    re.compile(
        rf"first\s+(?:(?:two|three|four|five|\d(?!\d))[\s:]+)?(?:digits?|numbers?)?"
        rf"\s*(?:is|are|were|:)?\s*(?P<d>{_FIRST_RUN})"
    ),
    re.compile(rf"area code\s*(?:is|was|:)?\s*(?P<d>{DIGITS})"),
    re.compile(r"\(?(?P<d>\d{3})\)? area code"),
    re.compile(r"\ba (?P<d>\d{3}) number\b"),
)
_SHORT: Final = r"\d{2,5}(?!\d|\s?[/:月日-]|\.\d|" + _COUNTED + ")"
_START: Final = r"0\d{1,4}"
# First and last digits in one breath: 090で7788, "starts 090 ends 7788", "212 something 0127".
BOTH_ENDS: Final = (
    re.compile(
        rf"(?P<d>{_START}(?:{OR.pattern}{_START}){{0,3}})\s*(?:(?:で|から)(?:(?:始"
        rf"|はじ)[ぁ-ゖ]{{0,4}})?"
        r"|なんとか|何とか|[〜~])[、,]?\s*(?:(?:末尾|下|最後|終わり)(?:の?\s*[\d二三四五]\s*(?:桁"
        rf"|けた))?\s*[がは]?)?\s*(?P<last>{_SHORT})(?:\s*[でに]\s*(?:終わ|おわ)[ぁ-ゖ]{{0,3}})?"
    ),
    re.compile(
        r"\b(?:start|beg[ia]n)(?:s|ed|ing|ning)?(?:\s+(?:in"
        r"|with))?\s+(?P<d>\d{2,5})[\s,]*(?:(?:and|but"
        rf"|then)\s+)?(?:it\s+)?end(?:s|ed|ing)?(?:\s+(?:in|with))?\s+(?P<last>{_SHORT})"
    ),
    re.compile(
        rf"\bend(?:s|ed|ing)?(?:\s+(?:in|with))?\s+(?P<last>{_SHORT})[\s,]*(?:(?:and"
        rf"|but)\s+)?(?:it\s+)?"
        r"(?:start|beg[ia]n)(?:s|ed|ing|ning)?(?:\s+(?:in|with))?\s+(?P<d>\d{2,5})(?!\d)"
    ),
    re.compile(
        r"(?P<d>\b0\d{1,4}|\b\d{3})\s+(?:something|whatever|(?:blah\s*)+|dot dot dot)"
        rf"\s+(?P<last>{_SHORT})"
    ),
    re.compile(
        r"\ba (?P<d>0\d{1,4}|\d{3}) number,?\s+(?:that\s+)?end(?:s|ed|ing)\s+(?:in|with)\s+"
        rf"(?P<last>{_SHORT})"
    ),
    # A mobile's network and its end, with a space between them.
    re.compile(
        rf"(?<![\d-])(?P<d>0[5789]0)[\s,、]{{1,2}}(?P<last>\d{{4}})(?!\d|-|\s?\d|\.\d|{_COUNTED})"
    ),
)
DIGITS_WITHIN: Final = (
    re.compile(rf"(?:途中|真ん中|(?<![一-鿿々])中)\s*(?:に|が|は)?\s*(?P<d>{DIGITS})"),
    re.compile(rf"(?P<d>{DIGITS})\s*(?:が|を)\s*(?:入|含)"),
    re.compile(
        rf"(?:contain(?:s|ing)?|has|with|somewhere)"
        rf"\s*(?P<d>{DIGITS})(?:\s*(?:in it|somewhere|in the middle))"
    ),
    re.compile(rf"(?:contain(?:s|ing)?|middle (?:is|was|digits))\s*(?P<d>{DIGITS})"),
)
