"""Texts that somebody wrote to hold a reader up: the slowest of some 300,000 that were tried.

A repeat within a repeat takes minutes of one of them, and nothing else is to be asserted of time.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from archive.locate.numbers import MAX_NUMBERS, find_numbers
from archive.locate.request.known_names import known_names
from archive.locate.request.request import read_request
from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar
from tests.support.steps import steps

NOW = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
KNOWN = known_names(people=["田中 太郎", "Smith"], queues=["解約"], teams=["契約チーム"])
# Half of them take 100,000, the slowest 330,000.
MAX_STEPS = 450_000
# fmt: off
TEXTS = (
    "#" + "24" * 245 + "_", "管理番号" + "a1" * 240 + "時", "data" + "24" * 100 + "夜中" * 100,
    "下" + " " * 499, "上" + "\n" * 499, "下\u3000" * 250, "総合受付" + "\n" * 496,
    "12 1" * 125, "１２ ①" * 125, "0 9 " * 125, "⑽" * 500, "1-" * 250, "090 0990 " * 55,
    "休日" * 250, "土日祝1800" * 71, "みどりの日" + "1" * 495, "祝日の99999999日後" * 30,
    "ﷺ" * 500, "㌕" * 500, "㍿" * 500, "か\u3099" * 250, "\u0301" * 500, "\u202e10/21" * 80,
    "\x00" * 500, "😀" * 500, "א1" * 250, "田中か" * 166, "Smith or " * 55, "担当: 田中か" * 60,
    "10分か" * 125, "about " * 83, "was held " * 55, "a@" * 250, "(" * 500,
)
# fmt: on


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_holds_a_reader_up(text: str) -> None:
    """Whoever may ask at all may type anything; it is read within a bound, and nothing raises."""

    def read() -> None:
        read_request(text, now=NOW, zone=TOKYO, calendar=Calendar(), country="JP", known=KNOWN)
        read_when(text, now=NOW, zone=TOKYO, calendar=Calendar())

    read()  # tables of holidays and numbers are loaded once

    assert steps(read) < MAX_STEPS
    assert len(find_numbers(text, "JP")) <= MAX_NUMBERS
