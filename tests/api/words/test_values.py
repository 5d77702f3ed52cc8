"""Every value that is shown has words."""

from enum import StrEnum
from typing import get_args

import pytest

from api.calls.live_calls import LiveState
from api.permissions.roles import Role
from api.words.values import WORDS, words_of
from archive.access.purposes import DEFAULT_CODES
from archive.call.adoption import GapBecause
from archive.call.corrections import LegChange, MarkChange
from archive.call.direction import Direction
from archive.call.events import EndReason, Flag, ResumedBecause, Side
from archive.call.facts import MIXED
from archive.call.live import Trouble
from archive.call.notices import NoticesOutcome, Told
from archive.call.refusal_reasons import Fate, Reason
from archive.call.signalled_holds import ToldBy
from archive.call.silent_sides import EDGES_UNREAD, NO_SOUND, SIDE_MISSING, SILENT_EDGE
from archive.catalog.index.derivation import PACKETS_LOST, RECOVERED
from archive.locate.inferred_links import LinkBecause, Place, Shared
from archive.reading.export_forms import ExportForm
from archive.reading.waveform import BlankBecause

VALUES: dict[str, tuple[str, ...]] = {
    "direction": get_args(Direction),
    "side": get_args(Side),
    "link": tuple(f"{why}_{place}" for why in get_args(LinkBecause) for place in get_args(Place)),
    "shared": get_args(Shared),
    "live_state": get_args(LiveState),
    "trouble": tuple(Trouble),
    "notice": tuple(each for one in get_args(NoticesOutcome) for each in get_args(one)),
    "fate": tuple(Fate),
    "reason": tuple(each for each in Reason if each),
    "role": tuple(Role),
    "purpose": tuple(DEFAULT_CODES),
    "flag": (
        *(*get_args(Flag), PACKETS_LOST, RECOVERED, MIXED),
        *(SILENT_EDGE, SIDE_MISSING, NO_SOUND, EDGES_UNREAD),
    ),
    "end": ("", *get_args(EndReason)),
    "party": get_args(Told),
    "resumed": ("", *get_args(ResumedBecause)),
    "told_by": get_args(ToldBy),
    "correction": tuple(
        str(each.__struct_config__.tag) for each in get_args(LegChange | MarkChange)
    ),
    "export": tuple(ExportForm),
    "blank": get_args(BlankBecause),
    "gap": get_args(GapBecause),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_kind_has_words_for_each_value_that_there_is(kind: str) -> None:
    """A code on a page is English on a Japanese one, and jargon on any."""
    assert {str(each.value if isinstance(each, StrEnum) else each) for each in VALUES[kind]} <= set(
        WORDS[kind]
    )


def test_a_value_of_a_later_version_has_none() -> None:
    """It is shown as it is, which is better than no page."""
    assert words_of("direction", "sideways") == ""
