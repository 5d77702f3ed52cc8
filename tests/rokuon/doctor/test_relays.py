"""The check of relays."""

import dataclasses
import re

import pytest

from capture.native.choice import Because, LoopChoice, RelayLoop
from capture.native.library import Unavailable
from rokuon.doctor.capture import relay_loop
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Severity
from tests import ROOT
from tests.rokuon.doctor import examples

INLINE = '[[target]]\nname = "t"\nuri = "sip:t.example"\n[[route]]\nname = "r"\nto = ["t"]\n'
LACKING = (*Unavailable, Because.OTHER_LAYOUT, Because.NO_CRYPTO)
DOCUMENT = ROOT / "docs/inline.md"


def lacking(because: Because | Unavailable, text: str = INLINE) -> HostFacts:
    """A node that runs Python's loop for some packets or all, for this reason."""
    loop = RelayLoop.NATIVE_CLEAR if because is Because.NO_CRYPTO else RelayLoop.PYTHON
    chosen = LoopChoice(loop, because)
    return dataclasses.replace(examples.healthy(text), relay_loop=chosen)


@pytest.mark.parametrize("because", LACKING)
def test_inline_calls_without_the_compiled_loop_are_warned_of_with_the_reason(
    because: Because | Unavailable,
) -> None:
    """They go through, but cost more; what mends it is said."""
    found = relay_loop(lacking(because))

    assert (found.check, found.severity) == ("RTP-004", Severity.WARNING)
    of_clear = because is Because.NO_CRYPTO
    assert found.measured.startswith("native in clear: " if of_clear else "python: ")
    assert ("chmod o-w" in found.fix) == (because is Unavailable.WRITABLE)
    assert ("libssl3" in found.fix) == of_clear
    assert ("gcc" in found.fix) == (because not in (Unavailable.WRITABLE, Because.NO_CRYPTO))


@pytest.mark.parametrize(
    ("facts", "measured"),
    [
        (examples.healthy(INLINE), "native"),
        (lacking(Because.WISHED), "python: inline.relay_loop says so"),
        (lacking(Unavailable.NOT_BUILT, ""), "python: no compiled loop"),
    ],
    ids=["there", "not wished", "no inline calls"],
)
def test_who_has_it_or_misses_nothing_is_told_which_runs(facts: HostFacts, measured: str) -> None:
    """A node without inline calls has no relay."""
    found = relay_loop(facts)

    assert (found.severity, found.measured) == (Severity.OK, measured)


def test_the_fix_leads_to_a_chapter_that_there_is() -> None:
    """Of `docs/inline.md`."""
    (chapter,) = re.findall(r"docs/inline\.md, ([\w ]+)\)", relay_loop(lacking(LACKING[0])).fix)

    assert f"\n### {chapter}\n" in DOCUMENT.read_text("utf-8")
