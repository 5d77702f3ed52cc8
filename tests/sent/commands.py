"""Every command as somebody types it: what it says of itself, what it prints, in text and JSON.

Knows commands from the command line itself.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from typer.testing import Result

from archive.catalog.database.engine import reading
from archive.moments import moment as moment_of
from retention.policies.policy_text import policy_text
from retention.policies.shipped_policy import SHIPPED
from rokuon.cli.terminal.exits import code_for, text_for
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.processes.sockets import status_socket
from rokuon.machine import clock
from tests.archive.reading.scenes import START_US
from tests.rokuon.cli.command import run, run_at
from tests.rokuon.installation import Installation, installation
from tests.sent.placeholders import Placeholders
from tests.sent.scene import entries, stored
from tests.support.cli.agents import TABLE
from tests.support.cli.app import ALL
from tests.support.cli.calls import WINDOW, found
from tests.support.cli.live_calls import CALL, up
from tests.support.cli.node import signalling
from tests.support.cli.strangers import COMMANDS
from tests.told import last_place

_NOW_US: Final = START_US + 19 * 86_400_000_000
# Further clues, and what is about a file that is one.
_MORE: Final = {
    **{
        f"find by {option}": ["calls", "find", *WINDOW, f"--{option}", value]
        for option, value in {
            **{
                "agent": "田中",
                "number": "1234",
                "queue": "解約",
                "tag": "vip",
                "extension": "2001",
            },
            **{"direction": "inbound", "min-duration": "1s", "text": "x", "nonsense": "x"},
        }.items()
    },
    "assign who is there": ["agents", "assign", "a1", "2001", *WINDOW, "--reason", "x"],
    "check a good policy": ["retention", "policy", "check", "POLICY"],
    "simulate a good policy": ["retention", "simulate", "POLICY"],
    "take over a good policy": ["retention", "policy", "import", "POLICY"],
}
# Times that are not those of the seeded clock: the key daemon has one of its own.
_MACHINES: Final = re.compile(r"\d{4}-\d\d-\d\dT(?!\d\d:06:4)\d\d:\d\d:\d\d(?:\.\d+)?")
# After these less may be done.
_LAST: Final = frozenset({"disable", "two persons"})


def record_helps() -> dict[str, list[str]]:
    """What every command says of itself."""
    return {name: run(*name.split()[1:], "--help").output.splitlines() for name in ALL}


def record_commands() -> dict[str, Any]:
    """What every command of people prints over an installation with one call."""
    with pytest.MonkeyPatch.context() as patch, installation() as site:
        patch.setattr(clock, "now_us", lambda: _NOW_US)
        patch.setattr(clock, "now", lambda: moment_of(_NOW_US))
        site.put_call()
        recover(site.config)
        site.answering()
        engine = open_catalog(site.config)
        with signalling(status_socket(site.config), up(CALL)):
            told = {name: _printed(site, engine, words) for name, words in _typed(site)}
        told["stored"] = stored(engine)
        engine.dispose()
    return told


def _typed(site: Installation) -> Iterator[tuple[str, list[str]]]:
    """Every command with what it is about, as text and, where it can, as JSON."""
    table, policy = site.folder / "agents.csv", site.folder / "policy.toml"
    table.write_text(TABLE)
    policy.write_text(policy_text(SHIPPED.policy))
    run_at(site, "user", "add", "other")
    places = {
        **{"CALL": str(found(site)[0]["call"]), "TABLE": str(table), "POLICY": str(policy)},
        **{"PERSON": "other", "TOKEN": "1", "FILE": str(site.folder / "copy")},
    }
    every = COMMANDS | _MORE
    for name in sorted(every, key=lambda each: each in _LAST):
        own = [places.get(word, word) for word in every[name]]
        yield name, own
        if _has_json(every[name]):
            yield f"{name} -o json", [*own, "-o", "json"]


def _has_json(words: list[str]) -> bool:
    names = (" ".join(["rokuon", *words[:length]]) for length in range(len(words), 0, -1))
    command = next(ALL[name] for name in names if name in ALL)
    return any("-o" in each.opts for each in command.params)


def _printed(site: Installation, engine: Any, words: list[str]) -> Any:
    with reading(engine) as connection:
        before = last_place(connection)
    done = run_at(site, *words)
    told = {
        "code": _code(done),
        "output": [
            _MACHINES.sub("<time>", each) for each in filter(_is_told, done.output.splitlines())
        ],
        "error": _error(done),
    }
    whole = {**told, "journal": entries(engine, before)}
    return Placeholders(known={str(site.folder): "<folder>"}).put(whole)


def _is_told(line: str) -> bool:
    """No log line: those of the API in this process stand between."""
    return not re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[", line)


def _code(done: Result) -> int:
    is_named = isinstance(done.exception, Exception)
    return int(code_for(done.exception)) if is_named else done.exit_code


def _error(done: Result) -> str:
    return text_for(done.exception) if isinstance(done.exception, Exception) else ""
