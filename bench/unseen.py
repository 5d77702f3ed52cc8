"""Whether time tells what words do not: a call out of reach beside an id that was never given.

Run `python -m bench.unseen --json FILE`; exit code 3 where the two can be told apart by any route
that shows something of a call or recording. Asked in turns over one kept-alive connection, by
somebody whose role reaches no call of the catalog.
"""

import argparse
import http.client
import shutil
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Final

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.web.app import application
from archive.access.reach import WHOLE_TENANT, ReachRule
from archive.catalog.access.grants import Access
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT
from bench.archived_calls import PURPOSE
from bench.facts import machine_facts
from bench.filled_catalog import fill
from bench.promises import FINDINGS
from bench.questions import QuestionFailed
from bench.report import table, write_json
from bench.server import Running, start_rokuon
from rokuon.machine import clock
from rokuon.machine.api_client import BASE

SEED: Final = 16
CALLS: Final = 20_000
DAY_US: Final = 86_400_000_000
NOT_YOURS: Final = "out of reach"
NOT_THERE: Final = "never given"
HEADS: Final = ("route", "times", "out of reach ms", "never given ms", "ratio", "apart by spread")
# So much the medians of two kinds may differ that are worked out alike, on a busy machine.
MOST_RATIO: Final = 1.1
_QUARTERS: Final = 4
_MS_PER_S: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How long the answers about ids of one kind took."""

    name: str
    times_ms: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        """Half of them took no longer."""
        return median(self.times_ms)

    @property
    def quartiles_ms(self) -> tuple[float, float]:
        """Between them lies half of all."""
        low, _, high = quantiles(self.times_ms, n=_QUARTERS)
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both kinds of ids, by one route."""

    route: str
    yours: Asked
    nobodys: Asked

    @property
    def ratio(self) -> float:
        """How many times longer the slower median is."""
        low, high = sorted((self.yours.median_ms, self.nobodys.median_ms))
        return high / low

    @property
    def apart_ms(self) -> float:
        """How far the medians lie apart."""
        return abs(self.yours.median_ms - self.nobodys.median_ms)

    @property
    def spread_ms(self) -> float:
        """The narrower of the two middle halves."""
        quartiles = (each.quartiles_ms for each in (self.yours, self.nobodys))
        return min(high - low for low, high in quartiles)

    @property
    def missed(self) -> str:
        """The promise in words, where it was not kept."""
        if self.ratio <= MOST_RATIO or self.apart_ms < self.spread_ms:
            return ""
        return f"{self.route}: apart by {self.apart_ms:.2f} ms, spread {self.spread_ms:.2f} ms"

    def row(self) -> list[object]:
        """A line of the table."""
        medians = (self.yours.median_ms, self.nobodys.median_ms)
        times = len(self.yours.times_ms)
        return [self.route, times, *medians, self.ratio, self.apart_ms / self.spread_ms]


@dataclass(slots=True, kw_only=True)
class UnseenFigures:
    """Both kinds of ids, by every route."""

    command: list[str]
    machine: dict[str, object]
    compared: list[Compared]

    @property
    def missed(self) -> list[str]:
        """By which routes the promise was not kept."""
        return [each.missed for each in self.compared if each.missed]

    def told(self) -> str:
        """The table."""
        return table(HEADS, [each.row() for each in self.compared])


def routes() -> tuple[str, ...]:
    """Every path at which something of one call or recording is shown."""
    paths = application().openapi()["paths"]
    named = ("{conversation}", "{recording}")
    shown = (path for path, methods in paths.items() if "get" in methods)
    # Of a certificate everybody who may see it sees all.
    found = (path for path in shown if any(each in path for each in named))
    return tuple(path for path in found if "/certificates/" not in path)


def token_without_reach(file: Path) -> str:
    """A token of a person with every role, none of which reaches a call."""
    engine = open_engine(catalog_url(file))
    now_us = clock.now_us()
    access = Access(
        tenant=DEFAULT_TENANT, actor="bench", at_us=now_us, within=WHOLE_TENANT, purpose=PURPOSE
    )
    with writing(engine) as connection:
        row = add_user(connection, Author(access=access), "somebody")
        user = user_named(connection, DEFAULT_TENANT, "somebody")
        for role in Role:
            nowhere = ReachRule(queues=frozenset({"nowhere"}))
            give_role(connection, Author(access=access), user, role, nowhere)
        terms = TokenTerms(scopes=tuple(Verb), expires_us=now_us + DAY_US)
        made = create_token(connection, Author(access=access, user=row), user, terms)
    engine.dispose()
    return made.secret


def ids(file: Path, count: int) -> tuple[list[str], list[str]]:
    """Ids by chance, each of a call and of a recording, and as many that nobody has."""
    dice = Random(SEED)  # noqa: S311  # what is asked must be the same each time
    both = (
        "SELECT lower(hex(id)) FROM conversation WHERE id IN"
        " (SELECT id FROM recording WHERE recording.tenant = conversation.tenant)"
    )
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        found = [row[0] for row in database.execute(both)]
    there = dice.sample(found, min(count, len(found)))
    # As old as a call of the catalog, so that both lie at the same places of the index.
    return there, [each[:12] + dice.randbytes(10).hex() for each in there]


def ask(running: Running, secret: str, there: list[str], missing: list[str]) -> list[Compared]:
    """One kind after the other, in turns, by one route after the other."""
    headers = {"Authorization": f"Bearer {secret}", "Rokuon-Purpose": "technical"}
    compared = []
    with closing(http.client.HTTPConnection("127.0.0.1", running.http_port)) as connection:
        for path in routes():
            kinds = (Asked(name=NOT_YOURS), Asked(name=NOT_THERE))
            for pair in zip(there, missing, strict=True):
                for kind, own in zip(kinds, pair, strict=True):
                    asked = path.format(conversation=own, recording=own)
                    kind.times_ms.append(_answered_ms(connection, asked, headers))
            yours, nobodys = kinds
            route = path.removeprefix(BASE)
            compared.append(Compared(route=route, yours=yours, nobodys=nobodys))
    return compared


def _answered_ms(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str]
) -> float:
    """How long the answer took that there is no such thing; raises `QuestionFailed`."""
    begun_s = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    took_ms = (time.perf_counter() - begun_s) * _MS_PER_S
    if answer.status != http.HTTPStatus.NOT_FOUND:
        raise QuestionFailed(f"{path}: {answer.status} {content[:200]!r}")
    return took_ms


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> UnseenFigures:
    """Make the catalog, start Rokuon on it, ask."""
    folder: Path = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    file = folder / "var" / "catalog" / "catalog.db"
    file.parent.mkdir(parents=True)
    fill(file, arguments.calls, seed=SEED, step=lambda _done, _total: None)
    secret = token_without_reach(file)
    there, missing = ids(file, arguments.questions)
    running = start_rokuon(folder)
    try:
        compared = ask(running, secret, there, missing)
    finally:
        running.stop()
        shutil.rmtree(folder)
    return UnseenFigures(command=list(command), machine=machine_facts(), compared=compared)


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=CALLS, help="calls in the catalog")
    parser.add_argument(
        "--questions", type=int, default=200, help="ids of each kind, by each route"
    )
    parser.add_argument("--folder", type=Path, default=Path("build/unseen"))
    parser.add_argument("--json", type=Path, default=Path("build/bench-unseen.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.unseen", *sys.argv[1:]])
    write_json(parser.parse_args().json, figures)
    print(figures.told())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
