"""From a table of plain TOML values to the settings of a section, every mistake collected.

Where a value is refused the section gets what was most likely meant, so that the rules that look at
several settings have something to look at; nobody uses a configuration that has problems. Knows
nothing of files or positions; problems carry the key path.
"""

import dataclasses
import difflib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

from capture.settings import BOUNDS, ONE_OR_MORE
from rokuon.config.config_problems import ConfigProblem
from rokuon.config.meant import Meant, meant_flag, meant_list, meant_number, meant_text, quoted
from rokuon.config.positions import KeyPath
from rokuon.config.schema import BELOW
from rokuon.messages.i18n import tr

Section = TypeVar("Section")
Field = dataclasses.Field[Any]

UNKNOWN_KEY: Final = "CFG-101"


@dataclasses.dataclass(slots=True)
class Binder:
    """Builds sections; `base` is the folder that relative paths start from.

    `spelled` has the path of a misspelled key by that of the one that was meant.
    """

    base: Path
    data: Path
    problems: list[ConfigProblem] = dataclasses.field(default_factory=list)
    spelled: dict[KeyPath, KeyPath] = dataclasses.field(default_factory=dict)

    def bind(self, kind: type[Section], table: object, path: KeyPath) -> Section:
        """Build `kind` from a table; what was refused is in `problems`."""
        if not isinstance(table, dict):
            self.refuse("CFG-103", path, tr("a table is expected"), tr("write [{key}]"))
            return Binder(self.base, self.data).bind(kind, {}, path)
        fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # kind is a dataclass
        written = self.as_meant(table, tuple(fields), path)
        hints = get_type_hints(kind)
        values = {
            name: self._value(hints[name], field, table, (*path, written.get(name, name)))
            for name, field in fields.items()
        }
        return kind(**values)

    def as_meant(
        self, table: dict[str, Any], known: tuple[str, ...], path: KeyPath
    ) -> dict[str, str]:
        """Refuse keys that nothing reads: how those are written that were meant, by their names."""
        written: dict[str, str] = {}
        for name in sorted(set(table) - set(known)):
            near = difflib.get_close_matches(name, known, n=1)
            advice = (
                tr("did you mean {name}?").format(name=near[0])
                if near
                else tr("known here: {names}").format(names=", ".join(known))
            )
            self.refuse(UNKNOWN_KEY, (*path, name), tr("nothing is called that"), advice)
            if near and near[0] not in table:
                written[near[0]] = name
                self.spelled[(*path, near[0])] = (*path, name)
        return written

    def refuse(self, code: str, path: KeyPath, message: str, advice: str) -> None:
        """Note a problem; `{key}` in the advice becomes the key path."""
        problem = ConfigProblem(code=code, path=path, message=message, help=advice)
        key = problem.key
        self.problems.append(dataclasses.replace(problem, help=advice.replace("{key}", key)))

    def _value(self, hint: Any, field: Field, table: dict[str, Any], path: KeyPath) -> Any:
        written = path[-1]
        if written in table:
            return self._given(hint, field, table[str(written)], path)
        if BELOW in field.metadata:
            return self.data / field.metadata[BELOW]
        if field.name == "data" and field.default == Path("var"):
            return self.data
        if field.default is dataclasses.MISSING:
            self.refuse("CFG-102", path, tr("this setting is required"), tr("add {key}"))
        return _otherwise(hint, field)

    def _given(self, hint: Any, field: Field, value: object, path: KeyPath) -> Any:
        otherwise = _otherwise(hint, field)
        if hint is bool:
            return self._typed(value, bool, path, otherwise)
        if hint is int:
            return self._number(value, field, path)
        if hint is str:
            return self._typed(value, str, path, otherwise)
        if words := _words_of(hint):
            as_written = hint if isinstance(hint, type) else str
            return as_written(self._choice(value, words, path, otherwise))
        if get_origin(hint) is tuple:
            is_alone = ONE_OR_MORE in field.metadata and isinstance(value, str)
            return self._texts([each for each in (value,) if each] if is_alone else value, path)
        return self._path(value, path, otherwise)

    def _typed(self, value: Any, kind: type, path: KeyPath, otherwise: object) -> Any:
        """The value if it is of that type, else refused: what was meant, or `otherwise`."""
        if type(value) is kind:
            return value
        expected = _EXPECTED[kind]
        meant = expected.meant(value)
        is_number_for_text = kind is str and meant is not None and not isinstance(value, list)
        self.refuse(
            "CFG-105" if is_number_for_text else "CFG-103",
            path,
            tr("{expected} is expected").format(expected=expected.name()),
            meant.advice if meant else expected.example(otherwise),
        )
        return meant.value if meant else otherwise

    def _number(self, value: object, field: Field, path: KeyPath) -> Any:
        problems = len(self.problems)
        number = self._typed(value, int, path, field.default)
        low, high = field.metadata[BOUNDS]
        if low <= number <= high:
            return number
        if len(self.problems) == problems:
            self.refuse(
                "CFG-104",
                path,
                tr("the value is out of bounds"),
                tr("from {low} to {high}").format(low=low, high=high),
            )
        return field.default

    def _choice(
        self, value: object, choices: tuple[str, ...], path: KeyPath, otherwise: object
    ) -> Any:
        if value in choices:
            return value
        near = difflib.get_close_matches(str(value).lower(), choices, n=1)
        advice = (
            tr("did you mean {name}? One of: {names}").format(
                name=quoted(near[0]), names=", ".join(choices)
            )
            if near
            else tr("one of: {names}").format(names=", ".join(choices))
        )
        self.refuse("CFG-104", path, tr("the value is not one of those known"), advice)
        return near[0] if near else otherwise

    def _texts(self, value: object, path: KeyPath) -> Any:
        items: list[Any] = self._typed(value, list, path, [])
        if items is not value:
            return tuple(items)
        return tuple(self._typed(item, str, (*path, index), "") for index, item in enumerate(items))

    def _path(self, value: object, path: KeyPath, otherwise: object) -> Any:
        text = self._typed(value, str, path, None)
        if text:
            return self.base / Path(text).expanduser()
        # Only `spool.second` may be empty: it means that there is none.
        if text is not None and path != ("spool", "second"):
            self.refuse("CFG-104", path, tr("the path is empty"), tr("write a path or drop {key}"))
        return None if text is not None and path == ("spool", "second") else otherwise


def _words_of(hint: Any) -> tuple[str, ...]:
    """The words of which one is to be chosen; none where a value is free."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return tuple(word.value for word in hint)
    return get_args(hint) if get_origin(hint) is Literal else ()


def _otherwise(hint: Any, field: Field) -> Any:
    """What stands where nothing that can be read is written: the default, or nothing."""
    if field.default is not dataclasses.MISSING:
        return field.default
    return Path() if hint is Path else () if get_origin(hint) is tuple else ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Expected:
    """What a type is called, what a wrong value was meant to be, and how to write one at all."""

    name: Callable[[], str]
    meant: Callable[[object], Meant | None]
    example: Callable[[object], str]


_EXPECTED: Final[dict[type, _Expected]] = {
    bool: _Expected(lambda: tr("true or false"), meant_flag, lambda _: tr("true or false alone")),
    int: _Expected(
        lambda: tr("a whole number"),
        meant_number,
        lambda default: tr("digits alone, without quotes and unit, such as {value}").format(
            value=default
        ),
    ),
    str: _Expected(
        lambda: tr("text in quotes"), meant_text, lambda _: tr("write one text in quotes")
    ),
    list: _Expected(lambda: tr("a list"), meant_list, lambda _: tr('texts in brackets: ["…"]')),
}
