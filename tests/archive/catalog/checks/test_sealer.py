"""Seals: what a kill, another process, an older copy and a lost key leave of them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select

from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import gifts, give_role
from archive.catalog.accounts.persons import UnknownAccount, add_user, disable_user, user_named
from archive.catalog.accounts.single_person import declare_one_person, is_one_person_enough
from archive.catalog.checks.sealer import KeptSeals
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.sealed_rows import RowsAltered, whole_rows
from archive.catalog.tables.catalog import row_seal, user
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import author, new_catalog
from tests.archive.catalog.seals import KEY, sealed


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Engine]:
    """The file as everybody opens it."""
    engine = new_catalog(tmp_path)
    yield engine
    engine.dispose()


def add(engine: Engine, *names: str) -> None:
    with writing(engine) as connection:
        for each in names:
            add_user(connection, author(), each)


def is_whole(engine: Engine) -> bool:
    with reading(engine) as connection:
        try:
            whole_rows(connection, user, 1)
        except RowsAltered:
            return False
    return True


def test_what_stands_at_the_first_start_is_sealed_and_nothing_after_it(
    plain: Engine, tmp_path: Path
) -> None:
    """An installation of before is taken as it is, once."""
    add(plain, "before")
    under, first = sealed(plain, tmp_path)
    assert is_whole(under)
    add(plain, "later")
    again, second = sealed(plain, tmp_path)

    assert (first.altered, second.altered) == ((), (("user", 2),))
    assert not is_whole(again)


def test_an_empty_register_is_sealed_too(plain: Engine, tmp_path: Path) -> None:
    """Who comes before the first person is nobody."""
    sealed(plain, tmp_path)
    add(plain, "first")

    assert sealed(plain, tmp_path)[1].altered == (("user", 1),)


def test_a_transaction_that_was_rolled_back_leaves_nothing(plain: Engine, tmp_path: Path) -> None:
    """Neither in the log nor in what is known."""
    under, seals = sealed(plain, tmp_path)
    size = seals.log.path.stat().st_size
    with suppress(Killed), writing(under) as connection:
        add_user(connection, author(), "nobody")
        raise Killed
    add(under, "somebody")

    assert is_whole(under)
    assert seals.log.path.stat().st_size > size


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch, *, is_committed: bool) -> Iterator[None]:
    """Power goes between the log and the catalog, or right behind the catalog's commit."""
    real = KeptSeals.settling

    @contextmanager
    def settling(self: KeptSeals, connection: Connection) -> Iterator[None]:
        inner = real(self, connection)
        inner.__enter__()
        if is_committed:
            connection.commit()
        inner.gen.close()  # type: ignore[attr-defined]
        raise Killed
        yield

    monkeypatch.setattr(KeptSeals, "settling", settling)
    with pytest.raises(Killed):
        yield
    monkeypatch.undo()


@pytest.mark.parametrize("is_committed", [False, True])
def test_after_a_kill_around_the_commit_either_state_is_believed(
    plain: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_committed: bool
) -> None:
    """Nobody is locked out by a power cut; and what is written next is written whole."""
    under, _ = sealed(plain, tmp_path)
    add(under, "tanaka", "sato")
    with killed(monkeypatch, is_committed=is_committed), writing(under) as connection:
        disable_user(connection, author(), "tanaka")
        add_user(connection, author(), "suzuki")
    again, after = sealed(plain, tmp_path)
    with reading(again) as connection:
        was = user_named(connection, DEFAULT_TENANT, "tanaka").disabled_us

    assert (after.altered, is_whole(again)) == ((), True)
    assert (was is not None) is is_committed
    add(again, "ito")
    last, final = sealed(plain, tmp_path)
    assert (final.altered, is_whole(last)) == ((), True)


def test_two_processes_believe_what_either_has_written(plain: Engine, tmp_path: Path) -> None:
    """The first start writes beside the API."""
    one, _ = sealed(plain, tmp_path)
    two, seals = sealed(plain, tmp_path)
    add(one, "tanaka")
    add(two, "sato")
    add(one, "suzuki")

    assert is_whole(one)
    assert is_whole(two)
    assert sealed(plain, tmp_path)[1].altered == ()
    assert seals.altered == ()


def test_who_reads_while_a_row_changes_believes_what_he_sees(plain: Engine, tmp_path: Path) -> None:
    """His view is of before; who begins later is shown the former row in vain."""
    if plain.dialect.name != "sqlite":
        pytest.skip("the same on every database")
    under, _ = sealed(plain, tmp_path)
    add(under, "tanaka")
    with reading(under) as early:
        assert user_named(early, DEFAULT_TENANT, "tanaka").disabled_us is None
        with writing(under) as connection:
            disable_user(connection, author(), "tanaka")
        assert user_named(early, DEFAULT_TENANT, "tanaka").disabled_us is None
    with writing(plain) as connection:
        connection.exec_driver_sql("UPDATE user SET disabled_us = NULL")
    with reading(under) as late, pytest.raises(RowsAltered):
        user_named(late, DEFAULT_TENANT, "tanaka")


def test_a_change_takes_nothing_up_that_was_altered(plain: Engine, tmp_path: Path) -> None:
    """Else the next honest change would seal what somebody wrote."""
    under, _ = sealed(plain, tmp_path)
    add(under, "tanaka")
    with writing(under) as connection:
        to = user_named(connection, DEFAULT_TENANT, "tanaka")
        give_role(connection, author(), to, "auditor", WHOLE)
    with writing(plain) as connection:
        connection.exec_driver_sql('UPDATE "user" SET created_by = 1')
    with pytest.raises(UnknownAccount), writing(under) as connection:
        disable_user(connection, author(), "tanaka")
    with reading(under) as connection:
        assert len(gifts(connection, DEFAULT_TENANT)) == 1


def restored(folder: Path, former: bytes) -> None:
    (folder / "catalog.db").write_bytes(former)
    for suffix in ("-wal", "-shm"):
        (folder / f"catalog.db{suffix}").unlink(missing_ok=True)


def test_an_older_catalog_is_not_believed_unless_the_log_goes_with_it(
    plain: Engine, tmp_path: Path
) -> None:
    """`backup restore` takes the log away; who puts the file back alone does not."""
    if plain.dialect.name != "sqlite":
        pytest.skip("a server has backups of its own")
    under, seals = sealed(plain, tmp_path)
    add(under, "tanaka")
    plain.dispose()
    former = (tmp_path / "catalog.db").read_bytes()
    with writing(under) as connection:
        disable_user(connection, author(), "tanaka")
        declare_one_person(connection, author(), None)
    plain.dispose()
    restored(tmp_path, former)
    alone = sealed(plain, tmp_path)[1].altered
    seals.log.path.rename(tmp_path / "aside")
    again, known = sealed(plain, tmp_path)

    assert alone == (("user", 1), ("one_person", 1))
    assert (known.altered, is_whole(again)) == ((), True)


def test_an_older_copy_of_the_log_takes_what_has_a_newer_seal(
    plain: Engine, tmp_path: Path
) -> None:
    """The folder of the API was put back, the catalog was not: nobody is locked out."""
    under, seals = sealed(plain, tmp_path)
    add(under, "tanaka", "sato")
    older = tmp_path / "older"
    shutil.copy(seals.log.path, older)
    with writing(under) as connection:
        disable_user(connection, author(), "sato")
    add(under, "suzuki")
    shutil.copy(older, seals.log.path)
    again, known = sealed(plain, tmp_path)

    assert (known.altered, is_whole(again)) == ((), True)


def test_without_its_key_nothing_is_believed_until_root_seals_again(
    plain: Engine, tmp_path: Path
) -> None:
    """Whether the log is there or not: who takes the seals away gains nothing."""
    under, seals = sealed(plain, tmp_path)
    add(under, "tanaka", "sato")
    lost, other = sealed(plain, tmp_path, key=bytes(32))
    assert other.altered == (("user", 1), ("user", 2))
    seals.log.path.unlink()
    lost, other = sealed(plain, tmp_path, key=bytes(32))
    assert other.altered == (("user", 1), ("user", 2))
    with writing(lost) as connection:
        found = other.seal_again(connection)

    assert (found, other.altered, is_whole(lost)) == ({"user": 2}, (), True)
    assert sealed(plain, tmp_path, key=bytes(32))[1].altered == ()


def test_root_settles_what_is_gone_and_what_came(plain: Engine, tmp_path: Path) -> None:
    """As it stands, whatever it is."""
    under, seals = sealed(plain, tmp_path)
    add(under, "tanaka", "sato")
    with writing(plain) as connection:
        connection.exec_driver_sql("DELETE FROM \"user\" WHERE name = 'tanaka'")
    add(plain, "suzuki", "ito")
    with writing(under) as connection:
        found = seals.seal_again(connection)
    again, known = sealed(plain, tmp_path)

    assert (found, known.altered, is_whole(again)) == ({"user": 3}, (), True)


def test_a_seal_says_nothing_of_the_key(plain: Engine, tmp_path: Path) -> None:
    """Neither where it is shown, nor in the catalog."""
    under, seals = sealed(plain, tmp_path)
    add(under, "tanaka")
    with reading(plain) as connection:
        macs = connection.scalars(select(row_seal.c.mac)).all()

    assert KEY.hex() not in repr(seals)
    assert str(KEY) not in repr(seals)
    assert [len(each) for each in macs] == [16]
    assert not is_one(under)


def is_one(engine: Engine) -> bool:
    with reading(engine) as connection:
        return is_one_person_enough(connection, DEFAULT_TENANT)
