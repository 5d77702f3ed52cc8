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
    r"\s?(?:[年月日時分秒円個件回人歳名割%年点台本枚]|か月|ヶ月|カ月|週"
    r"|(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?)\b)"
)
# Far more than a number has; of all in a text each pattern would try each share.
DIGITS: Final = rf"\+?\d(?:{_BETWEEN}\d){{0,30}}(?!\d|{_COUNTED})"
OR: Final = re.compile(
    r"\s*(?:だった|でした)?[,、]?\s?(?:か|または|又は|もしくは|もしか(?:したら|すると)、?"
    r"|\b(?:or(?:\s(?:maybe|perhaps|possibly))?|maybe|perhaps))\s*"
)
# 0120か0800で始まる, 末尾が77か88; of "or 10/29" they are a day.
_EITHER_DIGITS: Final = rf"(?P<d>{DIGITS}(?:{OR.pattern}{DIGITS}(?!\s?[/:月日])){{0,7}})"
MASKED: Final = re.compile(
    rf"(?P<first>(?:{DIGITS})?){_GAP}*"
    rf"(?:{_MASK}{{2,}}(?:{_GAP}*{_MASK}+)*|\.{{3,}})"
    rf"{_GAP}*(?P<last>(?:{DIGITS})?)"
)
EXTENSION: Final = re.compile(
    rf"(?:内線(?:番号)?(?:は|が|の)?|\bext(?:ension)?\b\.?(?: number)?(?: is)?"
    rf"|\bx(?=\d{{1,6}}(?!\d)))"
    rf"\s*[:#]?\s*(?P<d>{DIGITS}(?:{OR.pattern}(?:内線|ext(?:ension)?\.?)?\s*{DIGITS}"
    r"(?!\s?[/:月日])){0,7})"
)
# How many digits are told: 下4ケタ, 末尾の四文字, "last 4 digits of the phone number".
_COUNT_JA: Final = r"(?:の?\s*[\d二三四五六七八]\s*(?:桁|けた|ケタ|つ|文字))?(?:の?(?:数字|番号))?"
_COUNT_EN: Final = (
    r"(?:(?:two|three|four|five|six|seven|eight|\d)\s+)?(?:digits?|numbers?|figures?)?"
    r"(?:\s*(?:of|on|in)\s+(?:(?:the|my|his|her|their|our)\s+)?"
    r"(?:(?:phone|telephone|mobile|cell|caller'?s?)\s*)?(?:number|phone|telephone|mobile|cell)?)?"
)
LAST_DIGITS: Final = (
    re.compile(
        rf"(?:(?:お?客様|電話|携帯)?番号の)?(?:下|末尾|最後の?|終わ?り(?:の|が)?|お?しり|お?尻"
        rf"|後ろ)\s*{_COUNT_JA}\s*(?:が|は|の|だけ|:)?\s*{_EITHER_DIGITS}"
    ),
    re.compile(rf"{_EITHER_DIGITS}\s*(?:で|に|って)\s*(?:終わ|おわ)"),
    re.compile(
        rf"(?:(?:(?:end|finish|terminat)(?:e?s|ed|ing)?\s+(?:in|with|on)|ends|ending)"
        rf"|(?:last|final)\s+{_COUNT_EN}\s*(?:is|are|were|of|:)?)\s*{_EITHER_DIGITS}"
    ),
    re.compile(
        r"\b(?:end|tail) of (?:(?:the|my|his|her|their) )?(?:phone |mobile )?number\s*"
        rf"(?:is|was|:)?\s*{_EITHER_DIGITS}"
    ),
)
FIRST_DIGITS: Final = (
    re.compile(rf"{_EITHER_DIGITS}\s*(?:で|から)\s*(?:始|はじ)"),
    re.compile(r"(?<![\d:-])(?P<d>0\d{1,4})\s*(?:始まり|はじまり)"),
    re.compile(r"(?<![\d-])(?P<d>0\d{1,4})\s*の?\s*(?:番号|電話|市外局番)"),
    re.compile(
        rf"(?:上|頭|最初の?|始まり|市外局番)\s*{_COUNT_JA}"
        rf"\s*(?:が|は|の|:)?\s*(?P<d>{DIGITS})"
    ),
    re.compile(
        rf"(?:(?:start(?:s|ed|ing)?|beg(?:ins?|an|inning))\s+(?:in|with)|beginning|starting)\s*"
        rf"{_EITHER_DIGITS}"
    ),
    re.compile(r"(?<![\d-])(?P<d>0\d{1,4})\s?[〜~](?!\s?\d)"),
    re.compile(r"\ba (?P<d>0\d{1,4}) number\b"),
    re.compile(r"\b(?P<d>0\d{1,4}) something\b"),
    re.compile(r"(?<![\d:-])(?P<d>0\d{1,4}) (?:in|at) (?:the )?(?:front|start|beginning)\b"),
    re.compile(r"\b(?:starts|begins) (?P<d>0\d{1,4})(?![\d:])"),
    re.compile(
        rf"first\s+(?:(?:two|three|four|five|\d)\s+)?(?:digits?|numbers?)?"
        rf"\s*(?:is|are|were|:)?\s*(?P<d>{DIGITS})"
    ),
    re.compile(rf"area code\s*(?:is|was|:)?\s*(?P<d>{DIGITS})"),
    re.compile(r"\(?(?P<d>\d{3})\)? area code"),
    re.compile(r"\ba (?P<d>\d{3}) number\b"),
)
_SHORT: Final = r"\d{2,5}(?!\d|\s?[/:月日-]|" + _COUNTED + ")"
_START: Final = r"0\d{1,4}"
# First and last digits in one breath: 090で7788, "starts 090 ends 7788", "212 something 0127".
BOTH_ENDS: Final = (
    re.compile(
        rf"(?P<d>{_START}(?:{OR.pattern}{_START}){{0,3}})\s*(?:(?:で|から)(?:(?:始|はじ)[ぁ-ゖ]{{0,4}})?"
        r"|なんとか|何とか|[〜~])[、,]?\s*(?:(?:末尾|下|最後|終わり)(?:の?\s*[\d二三四五]\s*(?:桁"
        rf"|けた))?\s*[がは]?)?\s*(?P<last>{_SHORT})(?:\s*[でに]\s*(?:終わ|おわ)[ぁ-ゖ]{{0,3}})?"
    ),
    re.compile(
        r"\b(?:start|beg[ia]n)(?:s|ed|ing|ning)?(?:\s+(?:in|with))?\s+(?P<d>\d{2,5})[\s,]*(?:(?:and|but"
        rf"|then)\s+)?(?:it\s+)?end(?:s|ed|ing)?(?:\s+(?:in|with))?\s+(?P<last>{_SHORT})"
    ),
    re.compile(
        rf"\bend(?:s|ed|ing)?(?:\s+(?:in|with))?\s+(?P<last>{_SHORT})[\s,]*(?:(?:and|but)\s+)?(?:it\s+)?"
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
        rf"(?<![\d-])(?P<d>0[5789]0)[\s,、]{{1,2}}(?P<last>\d{{4}})(?!\d|-|\s?\d|{_COUNTED})"
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
