"""Reading the configuration file: text in, a `Config` out, or every problem with its place.

Knows nothing of what the settings are used for.
"""

import dataclasses
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

from rokuon.config.announcements import covered
from rokuon.config.api_socket import data_folder
from rokuon.config.bind import UNKNOWN_KEY, Binder
from rokuon.config.config_problems import ConfigProblem, ConfigRefused, Findings
from rokuon.config.door_rules import advice_on
from rokuon.config.http_rules import http_problems
from rokuon.config.peer_rules import purpose_problems
from rokuon.config.positions import KeyPath, Position, PositionIndex
from rokuon.config.route_rules import route_problems
from rokuon.config.rules import problems_of
from rokuon.config.schema import Config
from rokuon.messages.i18n import tr

_AT: Final = re.compile(r" \(at line (\d+), column (\d+)\)$")
_ON_KEY: Final = frozenset({UNKNOWN_KEY, "CFG-102"})

# What is looked at beside the settings themselves: `rokuon config check` looks at this machine.
Rule = Callable[[Config], Iterable[ConfigProblem]]


def load(file: Path | None, *further: Rule) -> Config:
    """Read a file, or take the defaults with their data in the working folder.

    Raises `ConfigRefused` with every problem found, `OSError` when the file cannot be read.
    """
    if file is None:
        return parse("", *further, name="-", base=Path.cwd())
    return parse(_text_of(file), *further, name=str(file), base=file.absolute().parent)


def remarks(file: Path | None, config: Config) -> Findings:
    """What is worth a second look in this file, though its configuration can be used."""
    text = "" if file is None else _text_of(file)
    index = PositionIndex.of(text)
    found = tuple(_placed(each, index) for each in (*advice_on(config), *covered(config)))
    return Findings(str(file or "-"), text, found)


def _text_of(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def parse(text: str, *further: Rule, name: str, base: Path) -> Config:
    """Read a configuration's text; relative paths start from `base`.

    Raises `ConfigRefused`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise ConfigRefused(name, text, (_syntax_problem(str(broken), text),)) from broken
    binder = Binder(base=base, data=data_folder(document, base))
    config = _bind_document(binder, document)
    problems = [*binder.problems, *_by_rules(config, binder, further)]
    if problems:
        index = PositionIndex.of(text)
        placed = sorted((_placed(problem, index) for problem in problems), key=_place)
        raise ConfigRefused(name, text, tuple(placed))
    return config


def _by_rules(config: Config, binder: Binder, further: Iterable[Rule]) -> Iterable[ConfigProblem]:
    """What the rules say of values that could be read: a refused one is a problem once."""
    refused = tuple(each.path for each in binder.problems if each.code != UNKNOWN_KEY)
    broken = tuple(each.path for each in binder.problems)
    found = [*problems_of(config, broken), *http_problems(config.http)]
    found += route_problems(config, broken)
    found += purpose_problems(config)
    for rule in further:
        found += rule(config)
    for problem in found:
        path = _as_written(problem.path, binder.spelled)
        if not any(path[: len(each)] == each for each in refused):
            yield dataclasses.replace(problem, path=path)


def _as_written(path: KeyPath, spelled: dict[KeyPath, KeyPath]) -> KeyPath:
    for length in range(len(path), 0, -1):
        if path[:length] in spelled:
            path = (*spelled[path[:length]], *path[length:])
    return path


def _bind_document(binder: Binder, document: dict[str, Any]) -> Config:
    hints = get_type_hints(Config)
    written = binder.as_meant(document, tuple(hints), ())
    sections: dict[str, Any] = {}
    for name, hint in hints.items():
        key = written.get(name, name)
        if get_origin(hint) is not tuple:
            sections[name] = binder.bind(hint, document.get(key, {}), (key,))
        elif key in document:
            sections[name] = _bind_list(binder, get_args(hint)[0], document[key], key)
    return Config(**sections)


def _bind_list(binder: Binder, kind: type[Any], tables: object, name: str) -> tuple[Any, ...]:
    if isinstance(tables, list):
        return tuple(binder.bind(kind, table, (name, index)) for index, table in enumerate(tables))
    binder.refuse("CFG-103", (name,), tr("tables of this name are a list"), tr("write [[{key}]]"))
    return (binder.bind(kind, tables, (name,)),) if isinstance(tables, dict) else ()


def _placed(problem: ConfigProblem, index: PositionIndex) -> ConfigProblem:
    find = index.of_key if problem.code in _ON_KEY else index.of_value
    return dataclasses.replace(problem, position=find(problem.path))


def _place(problem: ConfigProblem) -> tuple[int, int]:
    return problem.position.line, problem.position.column


def _syntax_problem(message: str, text: str) -> ConfigProblem:
    found = _AT.search(message)
    lines = text.splitlines() or [""]
    at = (
        Position(int(found[1]), int(found[2]))
        if found
        else Position(len(lines), max(1, len(lines[-1])))
    )
    return ConfigProblem(
        code="CFG-100",
        path=(),
        message=_AT.sub("", message),
        help=tr("the file is not TOML from here on; text needs quotes"),
        position=at,
    )
