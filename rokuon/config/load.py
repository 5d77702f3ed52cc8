"""Reading the configuration file: text in, a `Config` out, or every problem with its place.

Knows nothing of what the settings are used for.
"""

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

from rokuon.config.bind import Binder
from rokuon.config.positions import Position, PositionIndex
from rokuon.config.problems import ConfigRefused, Problem
from rokuon.config.route_rules import route_problems
from rokuon.config.rules import problems_of
from rokuon.config.schema import Config
from rokuon.i18n import tr

DEFAULT_DATA: Final = "var"
_AT: Final = re.compile(r" \(at line (\d+), column (\d+)\)$")
_ON_KEY: Final = frozenset({"CFG-101", "CFG-102"})


def load(file: Path | None) -> Config:
    """Read a file, or take the defaults with their data in the working folder.

    Raises `ConfigRefused` with every problem found, `OSError` when the file cannot be read.
    """
    if file is None:
        return parse("", name="-", base=Path.cwd())
    return parse(
        file.read_bytes().decode("utf-8", "replace"), name=str(file), base=file.absolute().parent
    )


def parse(text: str, *, name: str, base: Path) -> Config:
    """Read a configuration's text; relative paths start from `base`.

    Raises `ConfigRefused`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise ConfigRefused(name, text, (_syntax_problem(str(broken), text),)) from broken
    binder = Binder(base=base, data=_data_folder(document, base))
    config = _bind_document(binder, document)
    problems = binder.problems or (_problems_of(config) if config else [])
    if problems or config is None:
        index = PositionIndex.of(text)
        raise ConfigRefused(name, text, tuple(_placed(problem, index) for problem in problems))
    return config


def _problems_of(config: Config) -> list[Problem]:
    return [*problems_of(config), *route_problems(config)]


def _data_folder(document: dict[str, Any], base: Path) -> Path:
    node = document.get("node")
    data = node.get("data") if isinstance(node, dict) else None
    return base / Path(data if isinstance(data, str) and data else DEFAULT_DATA).expanduser()


def _bind_document(binder: Binder, document: dict[str, Any]) -> Config | None:
    hints = get_type_hints(Config)
    binder.refuse_unknown(document, tuple(hints), ())
    sections: dict[str, Any] = {}
    for name, hint in hints.items():
        if get_origin(hint) is not tuple:
            sections[name] = binder.bind(hint, document.get(name, {}), (name,))
        elif name in document:
            sections[name] = _bind_list(binder, get_args(hint)[0], document[name], name)
    if binder.problems:
        return None
    return Config(**sections)


def _bind_list(binder: Binder, kind: type[Any], tables: object, name: str) -> tuple[Any, ...]:
    if not isinstance(tables, list):
        binder.refuse(
            "CFG-103", (name,), tr("tables of this name are a list"), tr("write [[{key}]]")
        )
        return ()
    return tuple(binder.bind(kind, table, (name, index)) for index, table in enumerate(tables))


def _placed(problem: Problem, index: PositionIndex) -> Problem:
    find = index.of_key if problem.code in _ON_KEY else index.of_value
    return dataclasses.replace(problem, position=find(problem.path))


def _syntax_problem(message: str, text: str) -> Problem:
    found = _AT.search(message)
    lines = text.splitlines() or [""]
    at = (
        Position(int(found[1]), int(found[2]))
        if found
        else Position(len(lines), max(1, len(lines[-1])))
    )
    return Problem(
        code="CFG-100",
        path=(),
        message=_AT.sub("", message),
        help=tr("the file is not TOML from here on; text needs quotes"),
        position=at,
    )
