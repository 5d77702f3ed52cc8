"""Both loops of a relay hear the same, and say, keep and know the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import example, given, settings, strategies as st

from archive.srtp.suites import SUITES
from capture.native.choice import choose_loop
from tests.capture.media.relay_twins import CALLEE, CALLER, STRANGER, Twin, twins
from tests.support.media.relay_differential import (
    FIRST_HEARD,
    KEYS,
    SETTINGS_IN_CLEAR,
    SETTINGS_OF_SRTP,
    STEP,
    STEPS,
    Datagram,
    Setting,
    Step,
    play,
    rtp,
)

pytestmark = pytest.mark.skipif(choose_loop("native").is_lacking, reason="no compiled loop")
EXAMPLES, MANY = 12, 1_000


EXTENDED = b"\xbe\xde\0\1abcd" + b"p" * 100


def tour() -> list[Step]:
    """Everything that is drawn, once, each before a packet that is plain."""
    indices = count(FIRST_HEARD)

    def said(
        first: int = 0x80, second: int = 0, payload: bytes = b"p" * 160, ssrc: int = 7
    ) -> Datagram:
        index = next(indices)
        return Datagram(rtp(first, second, index, ssrc, payload), index, 0, -1)

    seconds = (0x80, 8, 96, 96 | 0x80, 101, 13, 72, 200, 201, 223, 127)
    odd = [said(second=second) for second in seconds]
    runs = [[said()], [said(), said()]] + [[said(second=second), said()] for second in seconds]
    runs += [[said(first, payload=EXTENDED), said()] for first in (0x90, 0x91, 0x8F, 0xA0, 0x40)]
    runs += [[said(payload=b"l" * size), said()] for size in (0, 1, 3, 203, 229, 244, 245, 1_400)]
    repeated, late, other = said(), said(), said()
    runs += [[repeated, repeated, said()], [said(), late], [late, said()], [other, said()]]
    for at in (20, 120, 1_380, 1_400):  # in its turn: the header, the content, the rest
        proved = said()
        runs += [[replace(proved, flipped=at)], [proved, said()]]
    runs += [[replace(said(), key=1), replace(said(), key=1)], [said(), said()]]
    runs += [[said(ssrc=8), said(ssrc=8), said(ssrc=8)], [said(), said()], odd[-1:]]
    cut = said(ssrc=256)  # the byte that is missing would have been 0
    runs += [[said(ssrc=256), said(ssrc=256)], [replace(cut, clear=cut.clear[:11]), said(ssrc=256)]]
    begun: list[Step] = [(CALLEE, [said()], 0.0)]
    return [*begun, *((CALLER, run, 0.0) for run in runs), (STRANGER, [said()], 0.25)]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Twin, Twin]]:
    with twins(tmp_path_factory.mktemp("twins")) as made:
        yield made


def of_each_suite(test: Callable[..., None]) -> Callable[..., None]:
    """Each suite opened, each sealed, with each kind of key, through all that is drawn."""
    others = [*list(SUITES)[1:], ""]
    for opens, seals, more in zip(SUITES, others, [*KEYS, "|3:4", ""], strict=True):
        setting = Setting(opens=opens, seals=seals, more=more)
        test = example(setting=setting, steps=tour())(test)
    return example(setting=Setting(seals=next(iter(SUITES))), steps=tour())(test)


@settings(max_examples=EXAMPLES, deadline=None)
@given(setting=SETTINGS_IN_CLEAR, steps=st.lists(STEP, min_size=1, max_size=STEPS))
@example(setting=Setting(), steps=tour())
@example(setting=Setting(is_landed=False, is_muxed=True), steps=tour())
def test_both_loops_do_the_same_in_clear(
    both: tuple[Twin, Twin], setting: Setting, steps: list[Step]
) -> None:
    """Valid and hostile, in turn or not, from whom it may be."""
    play(both, setting, steps)


@settings(max_examples=EXAMPLES, deadline=None)
@given(setting=SETTINGS_OF_SRTP, steps=st.lists(STEP, min_size=1, max_size=STEPS))
@of_each_suite
def test_both_loops_do_the_same_with_srtp(
    both: tuple[Twin, Twin], setting: Setting, steps: list[Step]
) -> None:
    """In each suite, with identifiers or without; replayed, forged, rolled over, of two keys."""
    play(both, setting, steps)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None)
@given(
    setting=SETTINGS_IN_CLEAR | SETTINGS_OF_SRTP, steps=st.lists(STEP, min_size=1, max_size=STEPS)
)
def test_both_loops_do_the_same_for_long(
    both: tuple[Twin, Twin], setting: Setting, steps: list[Step]
) -> None:
    """A thousand calls of them."""
    play(both, setting, steps)
