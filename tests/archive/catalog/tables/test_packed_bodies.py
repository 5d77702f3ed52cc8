"""What stands in the cell that the events of a recording share."""

import hashlib
import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from archive.call.events import encode_event
from archive.catalog.tables import packed_bodies
from archive.catalog.tables.packed_bodies import FORM, NotPacked, pack, unpack
from tests.archive.catalog.examples import inbound

# Of the dictionary that cells of form 1 were written with, for ever.
FORM_1 = "f9b205a9a9758744f2fceac8a4bf4aa26eb49a32c280af216c20ccfee17a17d3"
# What form 1 made of one event in December 2026.
ONCE = bytes.fromhex("78bbca0e5bb78bc65083e6247374270100995f1020")
BODY = b'{"type":"call_ended","at_us":7,"reason":"bye"}'
LINES = st.binary().map(lambda body: body.replace(b"\n", b" "))
SERIALS = st.integers(min_value=0, max_value=1 << 62)


def bodies() -> dict[int, bytes]:
    """Those of an ordinary call."""
    return {serial: encode_event(told) for serial, told in enumerate(inbound())}


@given(st.dictionaries(SERIALS, LINES))
def test_what_is_packed_is_unpacked_as_it_was(told: dict[int, bytes]) -> None:
    """Whatever others have said: also what is no JSON, and serials without order."""
    assert unpack(FORM, pack(told)) == told


def test_the_dictionary_of_a_form_is_the_same_for_ever() -> None:
    """Without it nobody reads what was written under it: a better one is another form."""
    file = Path(packed_bodies.__file__).with_name("events_1.zdict")

    assert hashlib.sha256(file.read_bytes()).hexdigest() == FORM_1
    assert unpack(1, ONCE) == {3: BODY}


def test_an_ordinary_call_takes_less_than_half_of_what_zlib_makes_of_it() -> None:
    """Names of fields and what stands in most calls is in the dictionary, not in the cell."""
    told = b"\n".join(bodies().values())

    assert len(pack(bodies())) < len(zlib.compress(told)) / 2


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        (2, pack({0: BODY})),
        (FORM, b""),
        (FORM, b"\0"),
        (FORM, pack({0: BODY})[:-1]),
        (FORM, pack({0: BODY})[:9]),
        (FORM, pack({0: BODY})[:-1] + b"\0"),
        (FORM, zlib.compress(json.dumps([0]).encode())),
        (FORM, zlib.compress(b"[0,1]\n{}")),
        (FORM, zlib.compress(b'["a"]\n{}')),
        (FORM, zlib.compress(b"")),
    ],
)
def test_what_is_of_another_form_cut_off_or_no_cell_is_refused(form: int, cell: bytes) -> None:
    """A disk that failed, or somebody who has the database: nothing is made up."""
    with pytest.raises(NotPacked):
        unpack(form, cell)


def test_a_line_break_is_a_space() -> None:
    """Which JSON takes for the same; no event of ours has one."""
    assert unpack(FORM, pack({0: b'{"a":\n1}', 1: BODY})) == {0: b'{"a": 1}', 1: BODY}
