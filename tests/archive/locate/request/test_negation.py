"""What a text says that it was not: named, and never read as what it denies."""

import pytest

from archive.locate.request.sentence import Request, TimeReading, read_sentence
from tests.support.archive.told_requests import KNOWN, told_request

# The text, what is said not to be, and what else is told.
DENIED: list[tuple[str, str, list[str]]] = [
    ("not Tanaka", "not Tanaka", []),
    ("it wasn't Tanaka", "wasn't Tanaka", []),
    ("anyone but Tanaka", "anyone but Tanaka", []),
    ("someone other than Tanaka", "other than Tanaka", []),
    ("Sato, not Tanaka", "not Tanaka", ["agent Sato"]),
    ("not Tanaka or Nakata", "not Tanaka or Nakata", []),
    ("I did not speak to Tanaka", "not speak to Tanaka", []),
    ("the customer is not Tanaka", "the customer is not Tanaka", []),
    ("doesn't end in 7788", "doesn't end in 7788", []),
    ("not 7788, Nakata", "not 7788", ["agent Nakata"]),
    ("not extension 2601", "not extension 2601", []),
    ("not the billing queue", "not the billing queue", []),
    ("never got through to billing", "never got through to billing", []),
    ("not about cancelling", "not about cancelling", []),
    ("not Zakrzewski, Sato", "not Zakrzewski", ["agent Sato"]),
    ("not ten minutes", "not ten minutes", []),
    ("queue: not billing", "queue: not billing", []),
    ("agent: not Tanaka or Nakata", "agent: not Tanaka or Nakata", []),
    ("田中ではない", "田中ではない", []),
    ("田中じゃなく佐藤", "田中じゃなく", ["agent 佐藤"]),
    ("田中以外", "田中以外", []),
    ("田中さんではなかった", "田中さんではなかった", []),
    ("たなかではない", "たなかではない", []),
    ("田中か中田ではない", "田中か中田ではない", []),
    ("田中さんとは話していない", "田中さんとは話していない", []),
    ("担当は田中ではなかった、下4桁7788", "担当は田中ではなかった", ["number last 7788"]),
    ("お客様は森下ではない", "お客様は森下ではない", []),
    ("末尾は7788ではない", "末尾は7788ではない", []),
    ("内線2601ではない", "内線2601ではない", []),
    ("解約窓口ではない", "解約窓口ではない", []),
    ("解約窓口にはつながらなかった", "解約窓口にはつながらなかった", []),
    ("契約チーム以外", "契約チーム以外", []),
    ("解約の件ではない", "解約の件ではない", []),
    ("お客様からの電話ではない", "お客様からの電話ではない", []),
    ("10分ではない", "10分ではない", []),
    ("担当: 田中か中田以外", "担当: 田中か中田以外", []),
    ("窓口: 解約以外", "窓口: 解約以外", []),
]  # fmt: skip


def read(text: str) -> Request:
    return read_sentence(text, read_time=lambda _: TimeReading(), country="JP", known=KNOWN)


@pytest.mark.parametrize(("text", "denied", "rest"), DENIED, ids=[each[0] for each in DENIED])
def test_what_is_said_not_to_be_is_named_and_never_taken_for_told(
    text: str, denied: str, rest: list[str]
) -> None:
    request = read(text)

    assert told_request(request, text) == rest
    assert [text[begin:end] for begin, end in request.unused] == [denied]
    assert [(each.code, each.values) for each in request.notes] == [("said_not", (denied,))]


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
        ("転送はされていない", ["not transferred"]),
    ],
)
def test_a_hedge_and_what_did_not_work_deny_nothing(text: str, told: list[str]) -> None:
    request = read(text)

    assert told_request(request, text) == told
    assert not request.notes
