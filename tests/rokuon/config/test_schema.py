"""The settings and what the documentation says of them."""

import dataclasses
import json
import re
from typing import get_args, get_origin, get_type_hints

from capture.inline.routing.modes import Mode
from capture.inline.routing.route import Route, Target, TargetTerms
from capture.settings import BOUNDS
from rokuon.config.schema import BELOW, Config, RecordWord, SourceSettings, TargetSettings
from tests import ROOT

DOCUMENT = (ROOT / "docs/configuration.md").read_text("utf-8")
ROW = re.compile(r"^\| `([a-z_]+\.[a-z0-9_]+)` \| (.+?) \| .+ \|$", re.MULTILINE)


def settings() -> dict[str, "dataclasses.Field[object]"]:
    """Every setting by its key."""
    hints = get_type_hints(Config)
    lists = {name for name, hint in hints.items() if get_origin(hint) is tuple}
    kinds = {name: get_args(hint)[0] if name in lists else hint for name, hint in hints.items()}
    return {
        f"{section}.{field.name}": field
        for section, kind in kinds.items()
        for field in dataclasses.fields(kind)
    }


def shown(field: "dataclasses.Field[object]") -> str:
    """A default as the documentation writes it."""
    if BELOW in field.metadata:
        return f"`<data>/{field.metadata[BELOW]}`"
    if field.default is dataclasses.MISSING:
        return "required"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    if isinstance(field.default, tuple):
        return "`" + json.dumps(field.default) + "`"
    return f"`{field.default}`" if isinstance(field.default, int) else f'`"{field.default or ""}"`'


def test_every_setting_is_documented_with_its_default_and_nothing_else_is() -> None:
    """The documentation cannot drift."""
    documented = dict(ROW.findall(DOCUMENT))
    expected = {key: shown(field) for key, field in settings().items()}
    expected["node.data"] = '`"./var"`'

    assert documented == expected


def test_every_number_has_bounds_and_its_default_lies_within() -> None:
    """A limit has a reason; none is infinite by accident."""
    for key, field in settings().items():
        if isinstance(field.default, int) and not isinstance(field.default, bool):
            low, high = field.metadata[BOUNDS]
            assert low <= field.default <= high, key


def test_a_choice_has_its_default_among_its_words() -> None:
    """Literal types are the only list of words."""
    hints = get_type_hints(SourceSettings)

    assert SourceSettings(name="a", address=()).mode in get_args(hints["mode"])


def test_words_of_the_configuration_are_those_that_capture_knows() -> None:
    """A word that one of both lacks would fail at the first call, not at the check."""
    assert set(get_args(RecordWord)) == {mode.value for mode in Mode}


def test_settings_of_routes_and_targets_are_declared_once() -> None:
    """In capture, which uses them: nothing is forgotten or changes its meaning on the way."""
    shared = {field.name for field in dataclasses.fields(TargetTerms)}
    own = {field.name for field in dataclasses.fields(TargetSettings)} - shared
    read = {field.name for field in dataclasses.fields(Target)} - shared

    assert get_type_hints(Config)["route"] == tuple[Route, ...]
    assert issubclass(TargetSettings, TargetTerms)
    assert (own, read) == (
        {"password_file", "address", "record"}, {"password", "networks", "record"},
    )  # fmt: skip
