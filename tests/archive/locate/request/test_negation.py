"""What a text says that it was not: named, and never read as what it denies."""

import pytest

from archive.locate.request.sentence import Request, TimeReading, read_sentence
from tests.support.archive.told_requests import KNOWN, told_request

# The text, its clues as `told_request` writes them, and what of it is not used.
DENIED: list[tuple[str, list[str], list[str]]] = [
    ("not Tanaka", ["not agent Tanaka"], []),
    ("it wasn't Tanaka", ["not agent Tanaka"], []),
    ("anyone but Tanaka", ["not agent Tanaka"], []),
    ("someone other than Tanaka", ["not agent Tanaka"], []),
    ("Sato, not Tanaka", ["agent Sato", "not agent Tanaka"], []),
    ("not Tanaka or Nakata", ["not agent Tanaka|Nakata"], []),
    ("I did not speak to Tanaka", ["not agent Tanaka"], []),
    ("the customer is not Tanaka", [], ["the customer is not Tanaka"]),
    ("doesn't end in 7788", ["not number last 7788"], []),
    ("not 7788, Nakata", ["not number last 7788", "agent Nakata"], []),
    ("not withheld, Nakata", ["agent Nakata"], ["not withheld"]),
    ("not extension 2601", ["not extension 2601"], []),
    ("not agent A01", ["not agent A01"], []),
    ("not the billing queue", ["not queue billing"], []),
    ("not billing", ["not queue billing"], []),
    ("never got through to billing", ["not queue billing"], []),
    ("not about cancelling", [], ["not about cancelling"]),
    ("not Zakrzewski, Sato", ["agent Sato"], ["not Zakrzewski"]),
    ("not ten minutes", [], ["not ten minutes"]),
    ("queue: not billing", ["not queue billing"], []),
    ("agent: not Tanaka or Nakata", ["not agent Tanaka|Nakata"], []),
    ("田中ではない", ["not agent 田中"], []),
    ("田中じゃなく佐藤", ["not agent 田中", "agent 佐藤"], []),
    ("田中以外", ["not agent 田中"], []),
    ("田中さんではなかった", ["not agent 田中"], []),
    ("たなかではない", ["not agent たなか"], []),
    ("田中か中田ではない", ["not agent 田中|中田"], []),
    ("田中さんとは話していない", ["not agent 田中"], []),
    ("担当は田中ではなかった、下4桁7788", ["not agent 田中", "number last 7788"], []),
    ("お客様は森下ではない", [], ["お客様は森下ではない"]),
    ("末尾は7788ではない", ["not number last 7788"], []),
    ("内線2601ではない", ["not extension 2601"], []),
    ("解約窓口ではない", ["not queue 解約"], []),
    ("解約窓口にはつながらなかった", ["not queue 解約"], []),
    ("契約チーム以外", ["not team 契約"], []),
    ("田中でも中田でもない", ["not agent 田中|中田"], []),
    ("neither Tanaka nor Nakata", ["not agent Tanaka|Nakata"], []),
    ("not Tanaka but Nakata", ["not agent Tanaka", "agent Nakata"], []),
    ("7788で終わらない番号", ["not number last 7788"], []),
    ("080では始まらない", ["not number first 8180"], []),
    ("お客様からはかかってきていない", [], ["お客様からはかかってきていない"]),
    ("こちらからはかけていない", [], ["こちらからはかけていない"]),
    ("解約の件ではない", [], ["解約の件ではない"]),
    ("お客様からの電話ではない", [], ["お客様からの電話ではない"]),
    ("10分ではない", [], ["10分ではない"]),
    ("担当: 田中か中田以外", ["not agent 田中|中田"], []),
    ("窓口: 解約以外", ["not queue 解約"], []),
]


def read(text: str) -> Request:
    return read_sentence(text, read_time=lambda _: TimeReading(), country="JP", known=KNOWN)


@pytest.mark.parametrize(("text", "told", "unused"), DENIED, ids=[each[0] for each in DENIED])
def test_what_is_said_not_to_be_is_never_taken_for_told(
    text: str, told: list[str], unused: list[str]
) -> None:
    """It is looked for as another one where calls can be, else named and not used."""
    request = read(text)

    assert told_request(request, text) == told
    assert [text[begin:end] for begin, end in request.unused] == unused
    assert [(each.code, *each.values) for each in request.notes] == [
        ("said_not", each) for each in unused
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("田中ではないかな", ["agent 田中"]),
        ("田中さんじゃなかったっけ", ["agent 田中"]),
        ("wasn't it Tanaka?", ["agent Tanaka"]),
        ("was it not Tanaka", ["agent Tanaka"]),
        ("not sure, Tanaka maybe", ["agent Tanaka"]),
        ("Sato if not Tanaka", ["agent Sato|Tanaka"]),
        ("I can't remember if it was Tanaka", ["agent Tanaka"]),
        ("not delivered", ["about? delivered"]),
        ("not transferred", ["not transferred"]),
        ("they did not call back", ["not called_back"]),
        ("転送はされていない", ["not transferred"]),
    ],
)
def test_a_hedge_and_what_did_not_work_deny_nothing(text: str, told: list[str]) -> None:
    request = read(text)

    assert told_request(request, text) == told
    assert not request.notes
