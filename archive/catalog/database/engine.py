"""How the catalog's database is opened: one SQL, from threads and from an event loop.

Knows nothing of tables. SQLite runs in WAL mode; a transaction that will write says so. Values
are hidden from error texts: they may be numbers and names.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import TimeoutError as DatabaseHung

from archive.catalog.database.attention import Attention
from archive.disk.sqlite_file import is_of_the_file

# A writer waits this long for another one: a commit takes well under a millisecond, but a batch of
# large calls some seconds on a busy machine. Who searches (which is written down) is answered late
# rather than not at all. Shorter than `ANSWER_S`: what is said then is why.
BUSY_TIMEOUT_MS: Final = 15_000
_WRITES: Final = "catalog_writes"
# Under which a connection knows its seals (`archive.catalog.journal.sealed_rows`), and when it
# began.
SEALS: Final = "rokuon_seals"
BEGAN: Final = "rokuon_began_s"
# What it has sealed and not committed.
SEALED_NOW: Final = "rokuon_sealed_now"
# No ANALYZE and no PRAGMA optimize: what they say of a small catalog has SQLite read a grown one
# from end to end. Without statistics its plans are those that the tests pin.
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a journal entry that is committed outlives a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is removed is overwritten, whatever SQLite was built with
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)
# Another number than any that another program of the same database might lock; until the end of the
# transaction.
_ONE_WRITER: Final = "SELECT pg_advisory_xact_lock(8245928655720965734)"
_ONE_MOMENT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
# A server that does not answer, or was cut off, must keep nobody for ever: seconds, and ms for the
# kernel's patience with what nobody acknowledges. Another writer is waited for as with SQLite.
_CONNECT_S: Final = 5
_POOL_S: Final = 10
_WAY: Final = {
    "connect_timeout": _CONNECT_S,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_STATEMENT_MS: Final = 300_000
# Who brings it up to date takes as long as that takes.
_PATIENT: Final = "-c idle_in_transaction_session_timeout=0"
_IMPATIENT: Final = (
    f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={BUSY_TIMEOUT_MS}"
    " -c idle_in_transaction_session_timeout=600000"
)
# A person who searches does not wait longer; whoever asks for much says so.
ANSWER_S: Final = 20.0
LONG_S: Final = 900.0
# The class of SQLSTATE whose first line repeats a value.
_OF_VALUES: Final = "22"
# As many connections as SQLAlchemy's pool keeps.
ASKED_AT_ONCE: Final = 5

_T = TypeVar("_T")


def catalog_url(path: Path) -> str:
    """The URL of an embedded catalog in the file `path`."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def open_engine(url: str) -> Engine:
    """Open the catalog for the keeper and the command line."""
    return _opened(url, _IMPATIENT)


def open_patient_engine(url: str) -> Engine:
    """Open it for what may take hours, and waits for others as long."""
    return _opened(url, _PATIENT)


def _opened(url: str, options: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True)
    else:
        said = make_url(url).query
        ours = {**_WAY, "options": options}
        engine = create_engine(
            url,
            hide_parameters=True,
            # A connection that a restart of the server has ended is found before it is used.
            pool_pre_ping=True,
            pool_timeout=_POOL_S,
            connect_args={key: value for key, value in ours.items() if key not in said},
        )
    _prepare(engine)
    return engine


def read_any_text(engine: Engine) -> None:
    """Have an engine that was not used yet read texts that are none: what is not UTF-8 is U+DCxx.

    Of SQLite, where one of them would end the reading of all rows beside it; a server has none.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _take_any_text)


@dataclass(frozen=True, slots=True)
class AsyncEngine:
    """A catalog that an event loop asks: each question runs whole in one thread.

    A driver that hands every statement over, and every row back, crosses sixty times for a call.
    """

    engine: Engine
    threads: ThreadPoolExecutor
    attention: Attention = field(default_factory=Attention)

    async def dispose(self) -> None:
        """Close it when what was asked is answered."""
        await asyncio.to_thread(self.threads.shutdown)
        self.engine.dispose()


def open_async_engine(url: str) -> AsyncEngine:
    """Open the same catalog for the API; `url` is the one that `open_engine` takes."""
    threads = ThreadPoolExecutor(max_workers=ASKED_AT_ONCE, thread_name_prefix="catalog")
    return AsyncEngine(open_engine(url), threads)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: committed on leaving, rolled back on an error.

    What it has sealed is told around the commit, where the catalog was opened with seals.
    """
    with (
        ExitStack() as behind,
        engine.execution_options(**{_WRITES: True}).begin() as connection,
    ):
        yield connection
        seals = connection.get_execution_options().get(SEALS)
        if seals is not None:
            behind.enter_context(seals.settling(connection))


@contextmanager
def trying(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write as `writing` does, and of which nothing stays."""
    with engine.execution_options(**{_WRITES: True}).connect() as connection:
        yield connection
        connection.rollback()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view."""
    with engine.connect() as connection:
        yield connection


def ping(connection: Connection) -> None:
    """Ask the database for nothing; raises what it raises."""
    connection.execute(text("SELECT 1"))


async def run(
    catalog: AsyncEngine, work: Callable[[Engine], _T], *, within_s: float = ANSWER_S
) -> _T:
    """Run `work`, with transactions of its own, in one of the catalog's threads."""
    return await _in_thread(catalog, lambda: work(catalog.engine), within_s)


async def write(catalog: AsyncEngine, change: Callable[[Connection], _T]) -> _T:
    """Run `change` in one transaction; when this returns, it is committed."""

    def changed() -> _T:
        with writing(catalog.engine) as connection:
            return change(connection)

    return await _in_thread(catalog, changed)


async def read(
    catalog: AsyncEngine, question: Callable[[Connection], _T], *, within_s: float = ANSWER_S
) -> _T:
    """Run `question` on one consistent view."""

    def answered() -> _T:
        with reading(catalog.engine) as connection:
            return question(connection)

    return await _in_thread(catalog, answered, within_s)


async def _in_thread(
    catalog: AsyncEngine, work: Callable[[], _T], within_s: float = ANSWER_S
) -> _T:
    """Wait for one of the catalog's threads; for a server that hangs not for ever.

    What had begun by then may be done all the same.
    """
    with catalog.attention.paid():
        asked = asyncio.get_running_loop().run_in_executor(catalog.threads, work)
        if catalog.engine.dialect.name == "sqlite":
            return await asked
        try:
            async with asyncio.timeout(within_s):
                return await asked
        except TimeoutError:
            raise DatabaseHung(f"no answer within {within_s:g} s") from None


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connected)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "handle_error", _without_broken_files)
    else:
        event.listen(engine, "begin", _begin_at_server)
        event.listen(engine, "handle_error", _without_values)


def _connected(connection: Any, _record: object) -> None:
    """Set up a connection; its transactions are begun by `_begin`, also for reading."""
    cursor: sqlite3.Cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _take_any_text(connection: Any, _record: object) -> None:
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")


def _without_broken_files(failed: ExceptionContext) -> None:
    """Give up the open files of a disk that failed: the next one asked opens the path anew.

    A file system that was mounted again is another one to them, and they would fail for ever.
    """
    if is_of_the_file(failed.original_exception):
        failed.is_disconnect = True


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: SQLite refuses it to one that asks halfway."""
    _note_begin(connection)
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _note_begin(connection: Connection) -> None:
    """Nothing of a transaction that was rolled back is left."""
    connection.info.pop(SEALED_NOW, None)
    connection.info[BEGAN] = time.monotonic()


def _begin_at_server(connection: Connection) -> None:
    """As with SQLite there is one writer at a time, and a reader sees one moment.

    A writer waits for the one before it, then sees all that it has committed.
    """
    _note_begin(connection)
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql(_ONE_WRITER if writes else _ONE_MOMENT)


def _without_values(failed: ExceptionContext) -> None:
    """PostgreSQL repeats the values of a row that it refuses, SQLite does not."""
    original: Any = failed.original_exception
    if failed.sqlalchemy_exception is None or not hasattr(original, "diag"):
        return
    original.args = (_said(original),)
    failed.sqlalchemy_exception.args = original.args


def _said(original: Any) -> str:
    """The server's first line after its code; of the driver's own what it says of the way there."""
    if original.sqlstate is None:
        is_of_way = type(original).__name__ == "OperationalError"
        return str(original).partition("\n")[0] if is_of_way else type(original).__name__
    told = f"{original.sqlstate}: {original.diag.message_primary}"
    return str(original.sqlstate) if str(original.sqlstate).startswith(_OF_VALUES) else told
