"""From a table of plain TOML values to the settings of a section, every mistake collected.

Knows nothing of files or positions; problems carry the key path.
"""

import dataclasses
import difflib
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from rokuon.config.positions import KeyPath
from rokuon.config.problems import Problem
from rokuon.config.schema import BELOW, BOUNDS
from rokuon.i18n import tr

Section = TypeVar("Section")


@dataclasses.dataclass(slots=True)
class Binder:
    """Builds sections; `base` is the folder that relative paths start from."""

    base: Path
    data: Path
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def bind(self, kind: type[Section], table: object, path: KeyPath) -> Section | None:
        """Build `kind` from a table; None when something was refused (see `problems`)."""
        if not isinstance(table, dict):
            self.refuse("CFG-103", path, tr("a table is expected"), tr("write [{key}]"))
            return None
        before = len(self.problems)
        fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # kind is a dataclass
        self.refuse_unknown(table, tuple(fields), path)
        hints = get_type_hints(kind)
        values = {
            name: self._value(hints[name], field, table, (*path, name))
            for name, field in fields.items()
        }
        return kind(**values) if len(self.problems) == before else None

    def refuse_unknown(self, table: dict[str, Any], known: tuple[str, ...], path: KeyPath) -> None:
        """Note every key that nothing reads, with the nearest one that something does."""
        for name in sorted(set(table) - set(known)):
            near = difflib.get_close_matches(name, known, n=1)
            advice = (
                tr("did you mean {name}?").format(name=near[0])
                if near
                else tr("known here: {names}").format(names=", ".join(known))
            )
            self.refuse("CFG-101", (*path, name), tr("nothing is called that"), advice)

    def refuse(self, code: str, path: KeyPath, message: str, advice: str) -> None:
        """Note a problem; `{key}` in the advice becomes the key path."""
        problem = Problem(code=code, path=path, message=message, help=advice)
        key = problem.key
        self.problems.append(dataclasses.replace(problem, help=advice.replace("{key}", key)))

    def _value(
        self, hint: Any, field: "dataclasses.Field[Any]", table: dict[str, Any], path: KeyPath
    ) -> Any:
        if field.name in table:
            return self._given(hint, field, table[field.name], path)
        if BELOW in field.metadata:
            return self.data / field.metadata[BELOW]
        if field.name == "data" and field.default == Path("var"):
            return self.data
        if field.default is dataclasses.MISSING:
            self.refuse("CFG-102", path, tr("this setting is required"), tr("add {key}"))
            return None
        return field.default

    def _given(
        self, hint: Any, field: "dataclasses.Field[Any]", value: object, path: KeyPath
    ) -> Any:
        if hint is bool:
            return self._typed(bool, value, path, tr("true or false"))
        if hint is int:
            return self._number(value, field.metadata[BOUNDS], path)
        if hint is str:
            return self._text(value, path)
        if get_origin(hint) is Literal:
            return self._choice(value, get_args(hint), path)
        if get_origin(hint) is tuple:
            return self._texts(value, path)
        return self._path(value, path)

    def _typed(self, kind: type, value: object, path: KeyPath, expected: str) -> Any:
        if type(value) is kind:
            return value
        self.refuse(
            "CFG-103",
            path,
            tr("{expected} is expected").format(expected=expected),
            tr("change the value of {key}"),
        )
        return None

    def _text(self, value: object, path: KeyPath) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.refuse(
                "CFG-105",
                path,
                tr("text in quotes is expected"),
                tr("phone numbers and names are always text: put the value in quotes"),
            )
            return None
        return self._typed(str, value, path, tr("text in quotes"))

    def _number(self, value: object, bounds: tuple[int, int], path: KeyPath) -> Any:
        number = self._typed(int, value, path, tr("a whole number"))
        if number is not None and not bounds[0] <= number <= bounds[1]:
            self.refuse(
                "CFG-104",
                path,
                tr("the value is out of bounds"),
                tr("from {low} to {high}").format(low=bounds[0], high=bounds[1]),
            )
        return number

    def _choice(self, value: object, choices: tuple[str, ...], path: KeyPath) -> Any:
        if value not in choices:
            self.refuse(
                "CFG-104",
                path,
                tr("the value is not one of those known"),
                tr("one of: {names}").format(names=", ".join(choices)),
            )
        return value

    def _texts(self, value: object, path: KeyPath) -> Any:
        items = self._typed(list, value, path, tr("a list"))
        if items is None:
            return ()
        return tuple(self._text(item, (*path, index)) for index, item in enumerate(items))

    def _path(self, value: object, path: KeyPath) -> Any:
        text = self._text(value, path)
        if not text:
            return None if text is None else self._empty_path(path)
        return self.base / Path(text).expanduser()

    def _empty_path(self, path: KeyPath) -> None:
        """Only `spool.second` may be empty: it means that there is none."""
        if path != ("spool", "second"):
            self.refuse("CFG-104", path, tr("the path is empty"), tr("write a path or drop {key}"))
