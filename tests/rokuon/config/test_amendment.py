"""More internal numbers of a source, and nothing else of the text changed."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, strategies as st

from rokuon.config.amendment import NotAmendable, with_internal_numbers

THREE = """\
# ours
[sip]
port = 5060

[[source]]
name = "one"   # the first
address = ["192.0.2.1"]

[[source]]
  address = ["192.0.2.2"]
  name = "two"
  internal_numbers = ["2*"]  # floor two

[[source]]
name = "three"
address = ["192.0.2.3"]
internal_numbers = [
    "3*",
]
"""


def numbers(text: str, number: int) -> list[str]:
    found: list[str] = tomllib.loads(text)["source"][number]["internal_numbers"]
    return found


def test_a_line_is_added_behind_the_name() -> None:
    """Whoever reads the file finds it where he looks; comments stay."""
    amended = with_internal_numbers(THREE, 0, ("26*", "2701"))

    assert amended == THREE.replace(
        'name = "one"   # the first\n',
        'name = "one"   # the first\ninternal_numbers = ["26*", "2701"]\n',
    )


def test_a_line_that_is_there_is_made_longer() -> None:
    """With what stood in it, and what stands behind it."""
    amended = with_internal_numbers(THREE, 1, ("31*",))

    assert '  internal_numbers = ["2*", "31*"]  # floor two\n' in amended
    assert numbers(amended, 1) == ["2*", "31*"]


@pytest.mark.parametrize("there", ["[]", '["1",]', "[ '1' ]"])
def test_a_list_is_made_longer_however_it_is_written(there: str) -> None:
    """Empty, with a comma behind the last, in other quotes."""
    text = f'[[source]]\nname = "one"\ninternal_numbers = {there}\n'

    assert numbers(with_internal_numbers(text, 0, ("26*",)), 0)[-1] == "26*"


def test_the_ends_of_lines_stay_what_they_are() -> None:
    """A file of another system is one from end to end."""
    text = THREE.replace("\n", "\r\n")
    amended = with_internal_numbers(text, 0, ("26*",))

    assert amended.count("\n") == amended.count("\r\n") == text.count("\n") + 1
    assert numbers(amended, 0) == ["26*"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (THREE, 2),
        (THREE, 3),
        ('source = [{name = "one", address = ["192.0.2.1"]}]\n', 0),
        ("", 0),
    ],
)
def test_what_is_written_otherwise_is_refused(text: str, number: int) -> None:
    """A list over several lines, one in a line, none: whoever wrote it changes it."""
    with pytest.raises(NotAmendable):
        with_internal_numbers(text, number, ("26*",))


names = st.text("abcdefgh-", min_size=1, max_size=8)


@given(
    st.lists(names, min_size=1, max_size=4, unique=True),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(st.sampled_from(["# [[source]]", "", 'zone = "UTC"', 'srtp = "never"']), unique=True),
    st.integers(0, 3),
)
def test_every_other_setting_reads_alike(
    sources: list[str], end: str, beside: list[str], at: int
) -> None:
    """Whatever stands beside it."""
    at %= len(sources)
    lines = [line for name in sources for line in ("[[source]]", f'name = "{name}"', *beside)]
    text = end.join(lines)
    amended: dict[str, Any] = tomllib.loads(with_internal_numbers(text, at, ("26*",)))
    before = tomllib.loads(text)

    assert amended["source"][at].pop("internal_numbers") == ["26*"]
    assert amended == before
