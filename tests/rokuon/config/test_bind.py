"""Plain values become settings, or problems."""

from pathlib import Path

import pytest

from rokuon.config.bind import Binder
from rokuon.config.schema import MediaSettings, SourceSettings, SpoolSettings

Table = dict[str, object]


def refused(kind: type, table: object) -> list[tuple[str, str]]:
    """(code, key) of every problem."""
    binder = Binder(base=Path("/base"), data=Path("/data"))
    binder.bind(kind, table, ("x",))
    return [(problem.code, problem.key) for problem in binder.problems]


@pytest.mark.parametrize(
    ("kind", "table", "code"),
    [
        (MediaSettings, {"sweeps_ms": 430}, "CFG-101"),
        (SourceSettings, {"name": "a"}, "CFG-102"),
        (MediaSettings, {"sweep_ms": "430"}, "CFG-103"),
        (MediaSettings, {"sweep_ms": True}, "CFG-103"),
        (MediaSettings, {"sweep_ms": 801}, "CFG-104"),
        (SpoolSettings, {"sync": "never"}, "CFG-104"),
        (SpoolSettings, {"path": ""}, "CFG-104"),
        (SourceSettings, {"name": "a", "address": "192.0.2.1"}, "CFG-103"),
        (SourceSettings, {"name": "a", "address": [], "allow_telephone_event": 1}, "CFG-103"),
        (SourceSettings, {"name": "a", "address": [], "internal_numbers": [120]}, "CFG-105"),
        (SourceSettings, {"name": ["a"], "address": []}, "CFG-103"),
        (MediaSettings, {"sweep_ms": 430.5}, "CFG-103"),
        (MediaSettings, 5, "CFG-103"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(kind: type, table: object, code: str) -> None:
    """A setting is never guessed: extension 0120 read as a number would be another extension."""
    assert [found for found, _ in refused(kind, table)] == [code]


def test_all_problems_are_found_at_once() -> None:
    """Nobody corrects a file one start at a time."""
    assert len(refused(MediaSettings, {"a": 1, "b": 2, "sweep_ms": 1})) == 3


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    """Most unknown keys are slips of the pen."""
    binder = Binder(base=Path("/base"), data=Path("/data"))
    binder.bind(MediaSettings, {"sweep_sm": 430}, ("media",))

    assert "sweep_ms" in binder.problems[0].help


@pytest.mark.parametrize(
    ("kind", "table", "advice"),
    [
        (MediaSettings, {"sweep_ms": "430"}, "write it without quotes: 430"),
        (MediaSettings, {"sweep_ms": "1,800"}, "write it without quotes: 1800"),
        (MediaSettings, {"sweep_ms": 430.0}, "write it without a fraction: 430"),
        (MediaSettings, {"sweep_ms": "30s"}, "digits alone, without quotes and unit, such as 640"),
        (SourceSettings, {"strict": "yes"}, "write it without quotes: true"),
        (SourceSettings, {"strict": 0}, "write it without quotes: false"),
        (SourceSettings, {"strict": "perhaps"}, "true or false alone"),
        (SourceSettings, {"user": 120}, '"120"'),
        (SourceSettings, {"user": ["a"]}, 'write one text, not a list: "a"'),
        (SourceSettings, {"address": "192.0.2.1"}, '["192.0.2.1"]'),
        (SourceSettings, {"latch": "NAT"}, 'did you mean "nat"?'),
    ],
)
def test_the_right_form_of_a_wrong_type_is_shown(kind: type, table: object, advice: str) -> None:
    """What has only to be copied is not looked up."""
    binder = Binder(base=Path("/base"), data=Path("/data"))
    binder.bind(kind, table, ("x",))

    assert any(advice in problem.help for problem in binder.problems)


def test_what_was_meant_stands_in_for_what_is_refused() -> None:
    """So that rules over several settings find the next mistake in the same round."""
    binder = Binder(base=Path("/base"), data=Path("/data"))
    table = {"nmae": "a", "address": "192.0.2.1", "latch": "NAT", "pause_max_s": "30"}
    source = binder.bind(SourceSettings, table, ("source", 0))

    assert (source.name, source.address) == ("a", ("192.0.2.1",))
    assert (source.latch, source.pause_max_s) == ("nat", 30)
    assert len(binder.problems) == 4


def test_paths_start_from_the_files_folder_and_default_below_the_data() -> None:
    """A configuration means the same whatever folder it is read from."""
    binder = Binder(base=Path("/base"), data=Path("/data"))
    given = binder.bind(SpoolSettings, {"path": "sp", "second": "/b"}, ("spool",))
    default = binder.bind(SpoolSettings, {"second": ""}, ("spool",))

    assert (given.path, given.second) == (Path("/base/sp"), Path("/b"))
    assert (default.path, default.second) == (Path("/data/spool"), None)
