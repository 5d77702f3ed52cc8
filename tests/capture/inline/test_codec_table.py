"""The codec rule, cell by cell: codec × packet time × numbers × early or not × who offers.

No transcoding (docs/inline.md section Media): in each cell both sides speak one codec, each under
the numbers that the other one has said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import pytest

from capture.links.relay_messages import Side
from capture.sdp.description import MediaDescription
from capture.sdp.parser import parse_description
from tests.capture.inline.stage import ROUTE, Stage, sdp

PLAIN: Final = replace(ROUTE, notice=())
CODECS: Final = {
    "PCMU": ("PCMU/8000", 0),
    "PCMA": ("PCMA/8000", 8),
    "G722": ("G722/8000", 9),
    "G729": ("G729/8000", 18),
    "opus": ("opus/48000/2", None),
}
CALLERS_NUMBER: Final = 111
CALLEES_NUMBER: Final = 96
KEYS: Final = (101, 100)


@dataclass(frozen=True)
class Cell:
    """One call: `numbers` says whether the callee names its dynamic types as the caller does."""

    codec: str
    ptime_ms: int
    numbers: str
    progress: str
    offers: str

    def number(self, side: Side) -> int:
        """Under which the codec is spoken on this side."""
        static = CODECS[self.codec][1]
        if static is not None:
            return static
        is_own = side is Side.CALLEE and self.numbers == "of its own"
        return CALLEES_NUMBER if is_own else CALLERS_NUMBER

    def keys(self, side: Side) -> int:
        """And the keys."""
        return KEYS[side is Side.CALLEE and self.numbers == "of its own"]

    @property
    def clock_hz(self) -> int:
        """That of its timestamps."""
        return int(CODECS[self.codec][0].split("/")[1])

    def says(self, side: Side) -> bytes:
        """This side's description."""
        host = ("192.0.2.1", "192.0.2.30")[side]
        number, keys = self.number(side), self.keys(side)
        lines = (
            *("v=0", f"o=- 7 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"),
            f"m=audio {(4000, 5000)[side]} RTP/AVP {number} {keys}",
            f"a=rtpmap:{number} {CODECS[self.codec][0]}",
            f"a=rtpmap:{keys} telephone-event/8000",
            f"a=ptime:{self.ptime_ms}",
        )
        return "".join(f"{line}\r\n" for line in lines).encode()


CELLS: Final = [
    Cell(*each)
    for each in product(
        CODECS,
        (10, 20, 30),
        ("as the caller", "of its own"),
        ("answered", "early"),
        ("caller", "callee"),
    )
]


def line_of(body: bytes) -> MediaDescription:
    """The audio line of a description."""
    (line,) = parse_description(body).media
    return line


def called(cell: Cell) -> Stage:
    """The call of this cell, joined."""
    stage = Stage(routes=(PLAIN,))
    stage.calls(body=b"" if cell.offers == "callee" else cell.says(Side.CALLER))
    if cell.progress == "early":
        stage.b(183, body=cell.says(Side.CALLEE))
    stage.b(200, body=cell.says(Side.CALLEE))
    answer = cell.says(Side.CALLER) if cell.offers == "callee" else b""
    return stage.a_inside(b"ACK", 1, body=answer)


def told_to_callee(cell: Cell, stage: Stage) -> bytes:
    """Our offer, or in the ACK our answer to his."""
    return stage.request_to_b(b"ACK" if cell.offers == "callee" else b"INVITE").body


@pytest.mark.parametrize("cell", CELLS, ids=lambda each: "-".join(map(str, vars(each).values())))
def test_both_sides_speak_one_codec_under_the_numbers_that_each_has_said(cell: Cell) -> None:
    """A number is that under which its author receives (RFC 3264 section 5.1): it crosses as it is,
    the relay has nothing to map, and keys come under the other side's number.
    """
    stage = called(cell)
    to_caller, to_callee = line_of(stage.answer_to_a().body), line_of(told_to_callee(cell, stage))
    relayed = stage.relay_call()

    for told, said in ((to_caller, Side.CALLEE), (to_callee, Side.CALLER)):
        assert [each.encoding for each in told.payloads] == [cell.codec, "telephone-event"]
        assert [each.payload_type for each in told.payloads] == [cell.number(said), cell.keys(said)]
        assert told.ptime_ms == cell.ptime_ms
    for end, hears in zip(relayed.ends, (Side.CALLEE, Side.CALLER), strict=True):
        assert (end.types, end.event_types) == ((), (cell.keys(hears),))
        assert (end.packet_ms, end.clock_hz) == (cell.ptime_ms, cell.clock_hz)
    assert relayed.is_joined


AMR: Final = ("a=rtpmap:96 AMR/8000", "a=fmtp:96 octet-align=1", "a=rtpmap:97 AMR/8000")


def of_amr(side: Side, *numbers: int) -> bytes:
    """This side's description of both kinds of AMR, or of one of them."""
    host = ("192.0.2.1", "192.0.2.30")[side]
    formats = " ".join(map(str, numbers))
    about = tuple(each for each in AMR if any(f":{number} " in each for number in numbers))
    return sdp(host, (4000, 5000)[side], *about, formats=f"{formats} 101")


@pytest.mark.parametrize("taken", [(96,), (97,), (97, 96), (96, 97)])
@pytest.mark.parametrize("offered", [(96, 97), (97, 96)])
def test_two_formats_of_one_codec_are_two_codecs(
    offered: tuple[int, ...], taken: tuple[int, ...]
) -> None:
    """AMR of whole octets and AMR that saves bandwidth have one name; nothing of them is mixed."""
    stage = Stage(routes=(PLAIN,)).calls(body=of_amr(Side.CALLER, *offered))
    stage.b(200, body=of_amr(Side.CALLEE, *taken)).a_inside(b"ACK", 1)

    assert [each.types for each in stage.relay_call().ends] == [(), ()]


SEVERAL: Final = ("opus", "G722", "PCMU", "PCMA", "G729")


def offers(host: str, port: int, codecs: Sequence[str]) -> bytes:
    """A description of these codecs, in this order."""
    known = [CODECS[each] for each in codecs]
    numbered = [(name, CALLERS_NUMBER if number is None else number) for name, number in known]
    lines = (
        *("v=0", f"o=- 7 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"),
        f"m=audio {port} RTP/AVP {' '.join(str(number) for _, number in numbered)} 101",
        *(f"a=rtpmap:{number} {name}" for name, number in numbered),
        "a=rtpmap:101 telephone-event/8000",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


@pytest.mark.parametrize("taken", SEVERAL)
@pytest.mark.parametrize("first", SEVERAL)
def test_the_clock_is_that_of_what_is_agreed_on_and_not_of_what_is_offered_first(
    first: str, taken: str
) -> None:
    """A beep or a notice on another clock would not be played, or run at another speed."""
    others = [each for each in SEVERAL if each != first]
    stage = Stage(routes=(PLAIN,))
    stage.calls(body=offers("192.0.2.1", 4000, (first, *others)))
    stage.b(200, body=offers("192.0.2.30", 5000, (taken,))).a_inside(b"ACK", 1)

    clocks = {each.clock_hz for each in stage.relay_call().ends}
    assert clocks == {int(CODECS[taken][0].split("/")[1])}


@pytest.mark.parametrize("first", ["opus", "G729"])
def test_a_notice_is_played_on_its_own_clock_whatever_is_offered_first(first: str) -> None:
    """The callee takes PCMU; the caller hears the notice, the callee ringback."""
    stage = Stage().calls(body=offers("192.0.2.1", 4000, (first, "PCMU", "PCMA")))
    stage.b(200, body=offers("192.0.2.30", 5000, ("PCMU",))).a_inside(b"ACK", 1)
    ends = stage.relay_call().ends

    assert [each.clock_hz for each in ends] == [8_000, 8_000]
    assert [each.playing and each.playing.prompt for each in ends] == ["n.pcmu", "r.pcmu"]
