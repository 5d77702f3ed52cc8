"""A PostgreSQL server of Debian's package, for one run: on a socket of its own, without sync.

Knows nothing of what is kept in it.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.engine import URL

from archive.catalog.migrate import upgrade
from bench.processes import family_of

# What is written there is on no disk: None where there is no such place.
MEMORY: Final = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - see above
# Debian keeps each version's programs in a folder of its own.
VERSIONS: Final = Path("/usr/lib/postgresql")
_USER: Final = "rokuon"
_TEMPLATE: Final = "empty_catalog"
_QUICK: Final = "-c listen_addresses='' -c fsync=off -c full_page_writes=off"


def programs() -> Path | None:
    """The folder of the newest server that is installed here."""
    found = sorted(VERSIONS.glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    return found[-1].parent if found else None


def _as_nobody(command: Sequence[str | Path]) -> list[str]:
    """The server refuses to run as root."""
    other = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    return [*(other if os.geteuid() == 0 else ()), *map(str, command)]


@dataclass(slots=True)
class Cluster:
    """A server that is up; each test has a database of its own."""

    folder: Path
    numbers: "count[int]"
    control: tuple[str | Path, ...]
    made: list[str] = field(default_factory=list)

    def url(self, database: str) -> str:
        """Where a database of it is."""
        return URL.create(
            "postgresql+psycopg",
            username=_USER,
            database=database,
            query={"host": str(self.folder)},
        ).render_as_string()

    def new_catalog(self) -> str:
        """The URL of an empty catalog, copied from the one that the migrations made."""
        return self._create("catalog", f" TEMPLATE {_TEMPLATE}")

    @contextmanager
    def sweeping(self) -> Iterator[None]:
        """Drop what is made while the block lasts, whoever is still connected to it."""
        first = len(self.made)
        yield
        while len(self.made) > first:
            self._tell(f"DROP DATABASE {self.made.pop()} WITH (FORCE)")

    def new_database(self) -> str:
        """The URL of a database with nothing in it."""
        return self._create("empty", "")

    def _create(self, kind: str, how: str) -> str:
        name = f"{kind}_{next(self.numbers)}"
        self._tell(f"CREATE DATABASE {name}{how}")
        self.made.append(name)
        return self.url(name)

    def make_template(self) -> None:
        """Let the migrations make the first one."""
        self._tell(f"CREATE DATABASE {_TEMPLATE}")
        upgrade(self.url(_TEMPLATE))

    def start(self) -> None:
        """Let it answer."""
        _run((*self.control, "-o", f"-k {self.folder} {_QUICK}", "start"))

    def stop(self) -> None:
        """End it at once, whoever is connected; one that a test has ended is as it should be."""
        if (self.folder / "data" / "postmaster.pid").exists():
            _run((*self.control, "-m", "immediate", "stop"))

    def processes(self) -> list[int]:
        """The numbers of all its processes."""
        lines = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        return family_of(int(lines[0]))

    def _tell(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def running(binaries: Path, within: Path | None = None) -> Iterator[Cluster]:
    """Start a server in a folder of its own, and stop it in the end; raises `CalledProcessError`.

    The folder is made in the one that is named, or where temporary ones are.
    """
    with TemporaryDirectory(prefix="rkpg", dir=within) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, pwd.getpwnam("nobody").pw_uid)
        data, log = folder / "data", folder / "log"
        new = (binaries / "initdb", "-D", data, "-A", "trust", "-U", _USER, "-E", "UTF8")
        _run((*new, "--locale=C.UTF-8", "--no-sync"))
        control = (binaries / "pg_ctl", "-D", data, "-w", "-l", log)
        cluster = Cluster(folder, count(1), control)
        cluster.start()
        try:
            cluster.make_template()
            yield cluster
        finally:
            cluster.stop()


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(_as_nobody(command), check=True, stdout=subprocess.DEVNULL, cwd="/")
