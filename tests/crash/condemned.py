"""Recorded calls of which all but one are destroyed by parts that are killed again and again.

Each part is a process of its own, as its unit starts it, and is started again at once: no
supervisor waits. Says what was seen; what may be expected is said by the tests.
"""

import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from archive.catalog.database.engine import open_engine, reading
from archive.catalog.journal.entries import JournalEntry
from rokuon.compose.archive.catalog import CATALOG_FILE, url_of
from rokuon.selftest.signalling import Target
from tests.crash.account import spool_files
from tests.crash.load import open_load
from tests.crash.runs import ARCHIVED_WITHIN_S, SETUPS_PER_S
from tests.crash.whole import Whole, wait_until
from tests.own_archive import Row, find_all
from tests.scenarios import owner
from tests.scenarios.clocks import Clock
from tests.scenarios.remnants import Installation
from tests.scenarios.server import HOST, Server
from tests.told import all_told

PLAN: Final = "1"
# Who dies, one as often as another; of two the one that the other asks comes back first.
_VICTIMS: Final = (("retention",), ("keys",), ("keys", "retention"), ("api",), ("api", "retention"))
# A kill comes so long after all were ready, or so long after a batch was seen under way.
_AFTER_START_S: Final = 1.0
_AFTER_BATCH_S: Final = 0.02
_BATCH_WITHIN_S: Final = 30.0
_CERTIFIED_WITHIN_S: Final = 120.0
_UNDER_WAY: Final = "SELECT stage, count(*) FROM planned_recording GROUP BY stage"
# Of a call that is not answered yet the spool has nothing.
_RECORDINGS: Final = "SELECT count(*) FROM recording"
_CERTIFICATES: Final = "SELECT count(*) FROM certificate"
# Two a second, so that there is a run to be killed.
_SLOWLY: Final = "[retention]\nper_second = 2\n"
_POLICY: Final = """\
form = 1
zone = "UTC"
[limits]
cooling_off_h = 0
share_per_day = "100 %"
[[rule]]
id = "default"
[rule.audio]
delete_after = "P1D"
"""
_HOLD: Final = ("--matter", "M-1", "--reason", "a claim", "--review", "2099-01-01")


@dataclass(frozen=True, slots=True)
class Kill:
    """Who was killed, and what was under way then: by stage how many recordings."""

    parts: tuple[str, ...]
    stages: dict[str, int]

    @property
    def is_within(self) -> bool:
        """Whether a batch was begun and not finished."""
        return bool(self.stages.keys() & {"intended", "keyless"})


@dataclass(slots=True)
class Condemned:
    """What a run began with, and how it was disturbed; `kept` is the recording under the hold."""

    whole: Whole
    recordings: list[Row] = field(default_factory=list)
    kept: str = ""
    kills: list[Kill] = field(default_factory=list)

    @classmethod
    def made(cls, folder: Path) -> "Condemned":
        """A Rokuon that destroys slowly; none of it runs."""
        whole = Whole(folder)
        whole.file.write_text(whole.file.read_text() + _SLOWLY)
        return cls(whole)

    @property
    def server(self) -> Server:
        """The same, as the command line is typed to it."""
        return Server(self.whole.folder, HOST, self.whole.sip_port, 0, 0, 0, range(0), 0)

    @property
    def keys(self) -> dict[bytes, bytes]:
        """Every data key that the installation can open."""
        return Installation(self.whole.file).data_keys()

    @property
    def numbers_of_kept(self) -> str:
        """All that were told of the recording under the hold."""
        (row,) = (row for row in self.recordings if row["recording"] == self.kept)
        return str(row["numbers"])

    async def speak(self, calls: int, luck: random.Random) -> None:
        """As a first start does, under a supervisor: so many calls, archived."""
        whole = self.whole
        whole.start("--one-person")
        owner.let_in(self.server)
        async with open_load(Target(port=whole.sip_port), luck, calls=calls) as load:
            await load.place(calls, per_s=SETUPS_PER_S)
            await load.hang_up(per_s=SETUPS_PER_S)
        config = whole.config
        wait_until(
            lambda: self._asked(_RECORDINGS) == [(calls,)] and not spool_files(config),
            within_s=ARCHIVED_WITHIN_S,
            what="adoption",
        )
        whole.stop()
        self.recordings = find_all(config)

    def condemn(self, clock: Clock, held: int) -> None:
        """By the retention owner: policy, a hold on one of the calls, a plan, its approval."""
        server, one = self.server, self.recordings[held]
        self.kept = str(one["recording"])
        (server.folder / "policy.toml").write_text(_POLICY)
        policy = ("policy", "import", str(server.folder / "policy.toml"), "--retroactive")
        owner.typed(server, "retention", *policy)
        clock.put_forward(days=4)
        owner.typed(server, "retention", "plan")
        owner.typed(server, "hold", "place", str(one["call"]), *_HOLD)
        owner.typed(server, "retention", "apply", PLAN)

    def kill_again_and_again(self, kills: int, luck: random.Random) -> None:
        """Half of them at any moment, half within a batch; then the run is left to its end."""
        while len(self.kills) < kills and not self.is_certified():
            self._await_moment(luck)
            victims = luck.choice(_VICTIMS)
            for name in victims:
                self.whole.kill(name)
            self.kills.append(Kill(victims, self._stages()))
            for name in victims:
                self.whole.start(name)
        wait_until(self.is_certified, within_s=_CERTIFIED_WITHIN_S, what="the certificate")

    def _await_moment(self, luck: random.Random) -> None:
        if luck.random() < 1 / 2:
            time.sleep(luck.uniform(0, _AFTER_START_S))
            return
        wait_until(
            lambda: Kill((), self._stages()).is_within or self.is_certified(),
            within_s=_BATCH_WITHIN_S,
            what="a batch",
        )
        time.sleep(luck.uniform(0, _AFTER_BATCH_S))

    def is_certified(self) -> bool:
        """Whether D5 has been."""
        return self._asked(_CERTIFICATES) == [(1,)]

    def _stages(self) -> dict[str, int]:
        return dict(self._asked(_UNDER_WAY))

    def _asked(self, statement: str) -> Sequence[Any]:
        """The catalog, past everybody who has it open."""
        path = self.whole.folder / "var" / "catalog" / CATALOG_FILE
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as catalog:
            return catalog.execute(statement).fetchall()

    def told(self) -> tuple[JournalEntry, ...]:
        """The whole journal."""
        engine = open_engine(url_of(self.whole.config))
        with reading(engine) as connection:
            return all_told(connection)
