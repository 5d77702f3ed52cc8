"""How the catalog is opened, and what its transactions promise."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, Text, insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, TimeoutError as DatabaseHung

from archive.catalog.database import engine
from archive.catalog.database.engine import (
    catalog_url,
    open_async_engine,
    read,
    reading,
    run,
    write,
    writing,
)
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import OTHER_TENANT, new_catalog


@pytest.mark.sqlite
def test_a_commit_is_on_disk_before_it_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal entry that a power cut could take back would be worth nothing."""
    # As in the product: all other tests go without, by the last one.
    monkeypatch.setattr(engine, "_PRAGMAS", engine._PRAGMAS[:-1])
    with reading(new_catalog(tmp_path)) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_error_takes_the_whole_transaction_back(tmp_path: Path) -> None:
    """Rows without their journal entry must not stay."""
    engine = new_catalog(tmp_path)

    def half_done() -> None:
        with writing(engine) as connection:
            ensure_tenant(connection, DEFAULT_TENANT)
            raise KeyError

    with pytest.raises(KeyError):
        half_done()

    with reading(engine) as connection:
        assert tenant_row(connection, DEFAULT_TENANT) == 0


@pytest.mark.both
def test_a_reader_sees_one_moment(tmp_path: Path) -> None:
    """A search that reads calls and then their legs must not see half of a later commit."""
    engine = new_catalog(tmp_path)
    with reading(engine) as connection:
        before = tenant_row(connection, DEFAULT_TENANT)
        with writing(engine) as other:
            ensure_tenant(other, DEFAULT_TENANT)
        assert tenant_row(connection, DEFAULT_TENANT) == before


@pytest.mark.both
def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Keeper and API write at the same time; neither may be told that the database is busy."""
    engine = new_catalog(tmp_path)
    failures: list[SQLAlchemyError] = []

    def make(number: int) -> None:
        try:
            for _ in range(20):
                with writing(engine) as connection:
                    ensure_tenant(connection, type(OTHER_TENANT)(bytes([number]) * 16))
        except SQLAlchemyError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


@pytest.mark.sqlite
async def test_the_event_loop_opens_the_same_catalog(tmp_path: Path) -> None:
    """One URL, one SQL; only the driver differs."""
    engine = new_catalog(tmp_path)
    catalog = open_async_engine(catalog_url(tmp_path / "catalog.db"))

    row = await write(catalog, lambda c: ensure_tenant(c, DEFAULT_TENANT))

    assert await read(catalog, lambda c: tenant_row(c, DEFAULT_TENANT)) == row
    with reading(engine) as connection:
        assert tenant_row(connection, DEFAULT_TENANT) == row
    await catalog.dispose()


@pytest.mark.sqlite
async def test_a_question_of_the_event_loop_runs_whole_in_a_thread_of_its_own(
    tmp_path: Path,
) -> None:
    """Handed over statement by statement, a call by its id took most of its time on the way."""
    new_catalog(tmp_path).dispose()
    catalog = open_async_engine(catalog_url(tmp_path / "catalog.db"))

    asked_in = await read(catalog, lambda _: threading.get_ident())
    changed_in = await write(catalog, lambda _: threading.get_ident())
    await catalog.dispose()

    assert threading.get_ident() not in {asked_in, changed_in}


async def test_who_asks_a_server_that_hangs_is_not_kept() -> None:
    """What was asked may end long after: the thread is its own, the answer is not."""
    catalog = open_async_engine("postgresql+psycopg://rokuon@127.0.0.1:9/x")
    is_over = threading.Event()
    with pytest.raises(DatabaseHung, match="no answer within"):
        await run(catalog, lambda _: is_over.wait(30), within_s=0.01)
    is_over.set()
    await catalog.dispose()


@pytest.mark.both
def test_an_error_does_not_repeat_the_values(tmp_path: Path) -> None:
    """Errors are logged, and values are numbers and names."""
    engine = new_catalog(tmp_path)
    numbers = Table("t", MetaData(), Column("number", Text, unique=True))
    with writing(engine) as connection:
        numbers.create(connection)
        connection.execute(insert(numbers).values(number="+81312347788"))

    with pytest.raises(IntegrityError) as failed, writing(engine) as connection:
        connection.execute(insert(numbers).values(number="+81312347788"))

    assert "+81312347788" not in str(failed.value)
