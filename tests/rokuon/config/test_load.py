"""Reading the file, from text to settings or to problems with their places."""

import re
from pathlib import Path

import pytest

from rokuon.config.announcements import covered
from rokuon.config.config_problems import ConfigProblem, ConfigRefused
from rokuon.config.door_rules import advice_on
from rokuon.config.load import load, parse
from rokuon.config.schema import LOOPBACK, SourceSettings
from tests import ROOT

GOOD = """[node]
data = "d"
[rtp]
first_port = 20000
[[source]]
name = "a"
address = ["192.0.2.1/32"]
internal_numbers = ["2*"]
"""
HOW_TOS = sorted((ROOT / "docs/how-to").glob("*.md"))
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def places(text: str) -> list[tuple[str, int, int]]:
    """(code, line, column) of every problem."""
    with pytest.raises(ConfigRefused) as refused:
        parse(text, name="x.toml", base=Path("/"))
    return [(p.code, p.position.line, p.position.column) for p in refused.value.problems]


def test_a_good_file_is_read_and_the_rest_are_defaults() -> None:
    """What is not written has its default below the data folder."""
    config = parse(GOOD, name="x.toml", base=Path("/etc/r"))

    assert config.node.data == Path("/etc/r/d")
    assert config.keys.passphrase_file == Path("/etc/r/d/keys/passphrase")
    assert config.rtp.first_port == 20_000
    assert config.source == (
        SourceSettings(name="a", address=("192.0.2.1/32",), internal_numbers=("2*",)),
    )


def test_without_a_file_the_only_source_is_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first try is safe to leave running."""
    monkeypatch.chdir(tmp_path)

    config = load(None)

    assert config.source == (LOOPBACK,)
    assert config.node.data == tmp_path / "var"


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('data = "d"', "data = d", ("CFG-100", 2, 8)),
        ("[rtp]", "[rpt]", ("CFG-101", 3, 1)),
        ("first_port", "frist_port", ("CFG-101", 4, 1)),
        ("20000", '"20000"', ("CFG-103", 4, 14)),
        ("20000", "99999", ("CFG-104", 4, 14)),
        ("20000", "20001", ("CFG-106", 4, 14)),
        ('name = "a"', "", ("CFG-102", 5, 1)),
        ('["2*"]', "[2]", ("CFG-105", 8, 21)),
        ('["2*"]', '["2*", "x"]', ("CFG-106", 8, 27)),
        ("[[source]]", "[source]", ("CFG-103", 5, 1)),
        ('["192.0.2.1/32"]', '["192.0.2.1/3"]', ("CFG-106", 7, 12)),
    ],
)
def test_each_mistake_is_shown_where_it_stands(
    before: str, after: str, place: tuple[str, int, int]
) -> None:
    """File, line and column: an editor can jump there."""
    assert before in GOOD
    assert places(GOOD.replace(before, after)) == [place]


MANY_MISTAKES = """[sip]
port = "5060"
bind = "here"
[rpt]
first_port = 20001
[limits]
max_calls = "10"
[[source]]
name = "a"
adress = ["192.0.2.1"]
[[source]]
name = "a"
address = ["192.0.2.1"]
[[target]]
name = "pbx"
uri = "no uri"
[[route]]
name = "all"
to = ["pbx", "nobody"]
[[route]]
name = "one"
to = ["pbx"]
[[route]]
name = "two"
to = ["pbx"]
"""


def test_every_problem_is_found_in_one_round() -> None:
    """Types, names, rules of a section and rules between sections: nobody starts ten times."""
    assert places(MANY_MISTAKES) == [
        ("CFG-103", 2, 8),
        ("CFG-106", 3, 8),
        ("CFG-101", 4, 1),
        ("CFG-106", 5, 14),
        ("CFG-103", 7, 13),
        ("CFG-101", 10, 1),
        ("CFG-106", 12, 8),
        ("CFG-106", 13, 12),
        ("CFG-106", 16, 7),
        ("CFG-106", 19, 14),
        ("CFG-106", 21, 8),
        ("CFG-106", 24, 8),
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[[target]]\nname = 5\nuri = 7\n", ["CFG-105", "CFG-105"]),
        ('[sip]\ncertificate = 5\nkey = "k"\n', ["CFG-105"]),
        ('[rtp]\nfirst_port = "10000"\nlast_port = "20000"\n', ["CFG-103", "CFG-103"]),
        ('[[source]]\nname = "a"\naddress = [1, "192.0.2.1"]\n', ["CFG-105"]),
    ],
)
def test_a_refused_value_is_a_problem_once(text: str, codes: list[str]) -> None:
    """A finding that goes when another one is mended would be noise."""
    assert [code for code, _, _ in places(text)] == codes


@pytest.mark.parametrize("cut", range(1, len(GOOD), 3))
def test_a_cut_file_is_read_or_refused_but_never_fails_otherwise(cut: int) -> None:
    """Half-written files happen; the answer is a place, never a traceback."""
    problems: tuple[ConfigProblem, ...] = ()
    try:
        outcome = parse(GOOD[:cut], name="x.toml", base=Path("/")).source
    except ConfigRefused as refused:
        outcome, problems = (), refused.problems

    assert outcome or problems


def test_the_example_for_a_site_is_accepted() -> None:
    """What we ship works as it is."""
    assert load(ROOT / "deploy/rokuon.toml").source[0].name == "sbc-tokyo"


def test_the_inline_part_of_the_example_is_accepted_once_its_signs_are_gone() -> None:
    """Whoever uncomments it has a working site, not a puzzle."""
    text = (ROOT / "deploy/rokuon.toml").read_text("utf-8")
    config = parse(re.sub(r"(?m)^#(?=[^ \n])", "", text), name="x.toml", base=Path("/"))

    assert [route.name for route in config.route] == [
        "selftest", "union", "inbound", "night", "outbound",
    ]  # fmt: skip
    assert {target.name for target in config.target} == {"selftest", "pbx", "carrier"}
    assert load(ROOT / "deploy/rokuon.toml").route == ()
    assert [*advice_on(config), *covered(config)] == []


@pytest.mark.parametrize("table", ["source", "target", "route", "hours", "prompt"])
def test_a_table_of_which_there_are_several_is_written_as_a_list(table: str) -> None:
    """One pair of brackets is the commonest slip."""
    assert places(f'[{table}]\nname = "a"\n')[0] == ("CFG-103", 1, 1)


@pytest.mark.parametrize("page", HOW_TOS, ids=lambda page: str(page.stem))
def test_what_a_how_to_has_one_set_here_is_a_configuration(page: Path) -> None:
    """An administrator copies it as it stands, and is not warned of it."""
    for block in BLOCK.findall(page.read_text("utf-8")):
        config = parse(block, name=page.name, base=Path("/"))

        assert config.source
        assert [*advice_on(config), *covered(config)] == []
