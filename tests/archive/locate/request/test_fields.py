"""What people type into a field where only that is asked."""

import pytest

from archive.locate.clues import (
    AgentClue,
    CustomerClue,
    DeniedClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    IdClue,
    LengthClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.request.fields import read_field
from archive.locate.request.known_names import known_names
from archive.locate.request.lengths import LONG_MS, MAX_MS, NOT_LONG_MS, SHORT_MS, about
from archive.locate.withheld_numbers import Withheld

KNOWN = known_names(people=[], teams=["契約"], queues=["billing", "解約"])
EXTENSION = RememberedNumber(form=Form.EXTENSION, digits="2601")
SHORT = LengthClue(min_ms=0, max_ms=SHORT_MS)
LONG = LengthClue(min_ms=LONG_MS, max_ms=MAX_MS)
FIELDS: list[tuple[str, str, Value | None]] = [
    ("agent", "田中か中田", AgentClue(("田中", "中田"))),
    ("agent", "たかはし", AgentClue(("たかはし",))),
    ("agent", "まざきやかやまざき", AgentClue(("まざきや", "やまざき"))),
    ("agent", "not Tanaka or Nakata", DeniedClue(AgentClue(("Tanaka", "Nakata")))),
    ("agent", "田中以外", DeniedClue(AgentClue(("田中",)))),
    ("queue", "anything but billing", DeniedClue(QueueClue(("billing",)))),
    ("team", "契約ではない", DeniedClue(TeamClue(("契約",)))),
    ("extension", "2601以外", DeniedClue(ExtensionClue(EXTENSION))),
    ("number", "not 7788", DeniedClue(NumberClue(RememberedNumber(form=Form.LAST, digits="7788")))),
    ("number", "非通知以外", None),
    ("customer", "たなかもしくはなかた様", CustomerClue(("たなか", "なかた"))),
    ("agent", "a Ms Smith, Smythe", AgentClue(("Smith", "Smythe"))),
    ("customer", "森下 由紀様", CustomerClue(("森下 由紀",))),
    ("team", "契約", TeamClue(("契約",))),
    ("queue", "請求 or 返品", QueueClue(("billing", "返品"))),
    ("number", "7788", NumberClue(RememberedNumber(form=Form.LAST, digits="7788"))),
    (
        "number",
        "非通知",
        NumberClue(RememberedNumber(form=Form.WITHHELD, reason=Withheld.CALLER)),
    ),
    ("number", "わからない", None),
    ("extension", "2601", ExtensionClue(EXTENSION)),
    ("extension", "内線２６０１", ExtensionClue(EXTENSION)),
    ("dialled", "0120", DialledClue(RememberedNumber(form=Form.FIRST, digits="81120"))),
    ("direction", "inbound", DirectionClue("inbound")),
    ("direction", "こちらからかけた", DirectionClue("outbound")),
    ("happened", "transferred", HappenedClue("transferred")),
    ("happened", "転送なし", HappenedClue("transferred", was=False)),
    ("happened", "maybe", None),
    ("length", "10分くらい", about(600_000)),
    ("length", "under a minute", LengthClue(min_ms=0, max_ms=60_000)),
    ("length", "短い", SHORT),
    ("length", "ごく短かった", SHORT),
    ("length", "short", SHORT),
    ("length", "very brief", SHORT),
    ("length", "長かった", LONG),
    ("length", "とても長い", LONG),
    ("length", "it took ages", LONG),
    ("length", "not very long", LengthClue(min_ms=0, max_ms=NOT_LONG_MS)),
    ("length", "長くはない", LengthClue(min_ms=0, max_ms=NOT_LONG_MS)),
    ("length", "blue", None),
    ("id", "a84b@pc33", IdClue("a84b@pc33")),
    ("gist", "解約の件", GistClue("解約")),
    ("gist", "返品について", GistClue("返品")),
    ("gist", "about the refund", GistClue("refund")),
    ("gist", "A-20458", GistClue("A-20458")),
    ("gist", "  ", None),
]


@pytest.mark.parametrize(("kind", "text", "value"), FIELDS)
def test_a_field_is_read_for_its_kind(kind: str, text: str, value: Value | None) -> None:
    """None where it says nothing of it: the field is named then."""
    assert read_field(kind, text, country="JP", known=KNOWN) == value
