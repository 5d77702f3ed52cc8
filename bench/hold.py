"""How long a legal hold by search takes over a large archive, until it is active.

Run `python -m bench.hold --json FILE`; exit code 3 where a promise is missed. The use case as the
API runs it, the key daemon at its socket with every commit on disk; HTTP is left out. Both are one
process here, so CPU seconds are those of both.
"""

import argparse
import asyncio
import os
import resource
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from api.access.authorization import Door
from api.access.credentials import account_of_peer
from api.holds.placement import HoldWish, Placements
from api.permissions.actor import Actor
from api.permissions.peers import Peer
from archive.access.query import ALWAYS, SearchQuery
from archive.catalog.database.engine import catalog_url, open_async_engine, reading
from archive.catalog.tables.catalog import conversation, part, recording
from archive.ids import DEFAULT_TENANT, HoldId, KeyId, TenantId
from archive.keys.client.key_client import KeyClient
from archive.keys.daemon.assembly import KeysConfig
from archive.keys.daemon.sockets import serve_keys
from archive.keys.store.key_service import ScryptCost
from archive.keys.store.legal_holds import Fence, HeldKeys, KeptHold
from archive.keys.store.schema import open_database
from bench.archived_calls import FIRST_US
from bench.facts import machine_facts
from bench.filled_catalog import Filling, fill
from bench.progress import steps
from bench.promises import FINDINGS, HOLD_S
from bench.report import table, write_json
from rokuon.machine.logins import name_of

SEED: Final = 18
CALLS: Final = 1_000_000
CATALOG: Final = "catalog.db"
HEADS: Final = ("recordings", "seconds", "CPU s", "of them noting s", "keys s", "peak MiB")
_KIB_PER_MIB: Final = 1_024
_READY_S: Final = 60.0
# It has settled when it has used no more of a processor for so long.
_QUIET_S: Final = 1.0
_IDLE: Final = 0.05
# On a machine that others use the disk takes its time.
ANSWER_S: Final = 120.0


@dataclass(slots=True)
class TimedClient:
    """The line to the key daemon; `noted_s` is when the fence went up, `asked_s` what it took."""

    client: KeyClient
    noted_s: float = 0.0
    asked_s: float = 0.0

    def place_hold(self, hold: HoldId, tenant: TenantId) -> int:
        """Everything is noted by now."""
        self.noted_s = time.perf_counter()
        return self.client.place_hold(hold, tenant)

    def hold_keys(self, hold: HoldId, keys: Sequence[KeyId]) -> HeldKeys:
        """Time it."""
        began_s = time.perf_counter()
        held = self.client.hold_keys(hold, keys)
        self.asked_s += time.perf_counter() - began_s
        return held

    def activate_hold(self, hold: HoldId) -> None:
        """The end of it."""
        self.client.activate_hold(hold)

    def cancel_hold(self, hold: HoldId) -> None:
        """Of the line."""
        self.client.cancel_hold(hold)

    def release_hold(self, hold: HoldId) -> None:
        """Of the line."""
        self.client.release_hold(hold)

    def holds(self, tenant: TenantId) -> Sequence[KeptHold]:
        """Of the line."""
        return self.client.holds(tenant)

    def fence(self, tenant: TenantId) -> Fence:
        """Of the line."""
        return self.client.fence(tenant)


@dataclass(slots=True, kw_only=True)
class HoldFigures:
    """How long it took until it was active; `keys_s` of it were the key daemon's."""

    command: list[str]
    machine: dict[str, object]
    recordings: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    noting_s: float = 0.0
    keys_s: float = 0.0
    peak_mib: float = field(default=0.0)

    @property
    def missed(self) -> list[str]:
        """The promises that were not kept, in words."""
        a_million_s = self.seconds * CALLS / max(1, self.recordings)
        return [f"{a_million_s:.0f} s for a million"] if a_million_s > HOLD_S else []

    def told(self) -> str:
        """The table."""
        row = (
            f"{self.recordings:,}", self.seconds, self.cpu_s, self.noting_s, self.keys_s,
            self.peak_mib,
        )  # fmt: skip
        return table(HEADS, [row])


def make(folder: Path, calls: int) -> None:
    """Make catalog and keystore: of the tables of the index those that a placing reads."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with steps(2) as step:
        step("filling")
        filling = Filling(tables=(conversation, recording, part))
        fill(folder / CATALOG, calls, seed=SEED, step=lambda _done, _total: None, filling=filling)
        step("keys")
        with _keys(folder) as config:
            pass
        _fill_keys(config, folder / CATALOG)


def measure(folder: Path, command: Sequence[str]) -> HoldFigures:
    """Hold all that was made."""
    figures = HoldFigures(command=list(command), machine=machine_facts())
    with _keys(folder) as config:
        _settle()
        _hold(figures, folder / CATALOG, config)
    figures.peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB
    return figures


def _hold(figures: HoldFigures, catalog: Path, config: KeysConfig) -> None:
    engine = open_async_engine(catalog_url(catalog))
    with reading(engine.engine) as connection:
        owner = Actor(account=account_of_peer(connection, _us()))
    with closing(KeyClient(config.api_socket, ANSWER_S)) as client:
        key_client = TimedClient(client)
        placements = Placements(Door(engine=engine, clock_us=lambda: FIRST_US), key_client)
        wish = HoldWish(
            matter="bench", reason="bench", review_on=date(2099, 1, 1),
            query=SearchQuery(window=ALWAYS),
        )  # fmt: skip
        began_s, cpu_s = time.perf_counter(), time.process_time()
        held = asyncio.run(placements.place(owner, wish))
        figures.seconds = time.perf_counter() - began_s
        figures.cpu_s = time.process_time() - cpu_s
    figures.noting_s, figures.keys_s = key_client.noted_s - began_s, key_client.asked_s
    figures.recordings = held.counts.held
    assert (held.hold.state, held.counts.unknown, held.counts.destroyed) == ("active", 0, 0)
    asyncio.run(engine.dispose())


def _us() -> Peer:
    """Who runs the bench, whom the catalog knows."""
    return Peer(os.geteuid(), name_of(os.geteuid()))


@contextmanager
def _keys(folder: Path) -> Iterator[KeysConfig]:
    """A key daemon in a thread, as it comes, but for the cost of its passphrase."""
    config = KeysConfig(
        folder=folder / "keys",
        passphrase_file=folder / "passphrase",
        makes_passphrase=True,
        cost=ScryptCost(n=16),
    )
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()
    serving = serve_keys(
        config, stop, now_us=lambda: FIRST_US, on_ready=ready.set, protect=lambda: None
    )
    thread = threading.Thread(target=loop.run_until_complete, args=(serving,), daemon=True)
    thread.start()
    assert ready.wait(_READY_S)
    try:
        yield config
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def _settle() -> None:
    """Let it do what it does at its start (it goes through its pages), which no hold waits for."""
    busy_s = time.process_time()
    while True:
        time.sleep(_QUIET_S)
        now_s = time.process_time()
        if now_s - busy_s < _IDLE * _QUIET_S:
            return
        busy_s = now_s


def _fill_keys(config: KeysConfig, catalog: Path) -> None:
    """The key of every part of the catalog, archived, under a shard that nobody opens."""
    with closing(open_database(config.keystore)) as keys, closing(sqlite3.connect(catalog)) as own:
        keys.execute("PRAGMA synchronous=OFF")
        keys.execute("BEGIN")
        keys.execute(
            "INSERT INTO shard (id, tenant, day, epoch, wrapped_key)"
            " VALUES (1, ?, 0, 1, zeroblob(60))",
            (DEFAULT_TENANT.raw,),
        )
        keys.executemany(
            "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
            " created_us, archived_us) VALUES (?, ?, ?, 0, 1, zeroblob(40), 'adopted', 0, 1)",
            own.execute(
                "SELECT part.key_id, recording.id, part.part"
                " FROM part JOIN recording ON recording.row = part.recording ORDER BY part.key_id"
            ),
        )
        keys.execute("COMMIT")
        keys.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=CALLS, help="calls in the catalog")
    parser.add_argument("--folder", type=Path, default=Path("build/hold"))
    parser.add_argument("--only", choices=("make", "hold"), help="make the archive, or hold it")
    parser.add_argument("--json", type=Path, default=Path("build/bench-hold.json"))
    arguments = parser.parse_args()
    if arguments.only != "hold":
        make(arguments.folder, arguments.calls)
    if arguments.only == "make":
        return 0
    figures = measure(arguments.folder, ["python", "-m", "bench.hold", *sys.argv[1:]])
    shutil.rmtree(arguments.folder)
    write_json(arguments.json, figures)
    print(figures.told())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
