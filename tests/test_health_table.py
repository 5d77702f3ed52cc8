"""Every alarm, raised by its cause and gone after the mend, wherever somebody would look."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Final

import pytest

from archive.backup.catalog_set import make_catalog_set
from archive.disk.archive_place import MARK_NAME
from archive.disk.files import LocalDisk
from archive.keeper.state_file import KeeperState, StateFile
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from archive.set_hash import SetHash
from rokuon.compose.archive.catalog import CATALOG_FILE
from rokuon.compose.archive.key_daemon import catalog_sets, socket_of
from rokuon.compose.archive.records import verify_archive
from rokuon.machine import clock
from tests.health_watch import HOUR_S, MINUTE_S, Row, Watched, certify, tried, watched
from tests.monitoring import had_room_yesterday
from tests.rokuon.installation import key_daemon


async def break_part(it: Watched) -> None:
    """A file that is no recording lies in the spool."""
    folder = it.config.spool.path / "t" / "2026" / "11" / "30"
    folder.mkdir(parents=True)
    (folder / "broken.rkn").write_bytes(bytes(9_000))


async def remove_part(it: Watched) -> None:
    """Somebody has seen to it; the keeper lists its folders each 30 s."""
    (it.config.spool.path / "t" / "2026" / "11" / "30" / "broken.rkn").unlink()
    it.clock.ahead_s += 31


async def unmount(it: Watched) -> None:
    """The archive's disk goes; what is left is where it was mounted."""
    it.config.archive.path.rename(it.site.folder / "aside")
    it.config.archive.path.mkdir()


async def mount(it: Watched) -> None:
    """And comes back."""
    it.config.archive.path.rmdir()
    (it.site.folder / "aside").rename(it.config.archive.path)
    assert (it.config.archive.path / MARK_NAME).exists()


async def end_keys(it: Watched) -> None:
    """The key daemon ends, and a call after that."""
    await asyncio.to_thread(it.site.stop_keys)
    await asyncio.to_thread(it.keys.close)
    it.site.put_call()
    await it.until(("keys_silent", ""), ring=True)
    it.clock.ahead_s += 11 * MINUTE_S


async def start_keys(it: Watched) -> None:
    """It is there again."""
    await asyncio.to_thread(it.keys.enter_context, key_daemon(it.config))


async def end_keeper(it: Watched) -> None:
    """The keeper ends, a minute ago."""
    await it.stop_keeper()
    it.clock.ahead_s += 61


async def start_keeper(it: Watched) -> None:
    """It runs again."""
    await it.start_keeper()


async def fill_disks(it: Watched) -> None:
    """As much was written since yesterday as would fill them in less than a day."""
    await it.stop_keeper()
    had_room_yesterday(it.config)
    await it.start_keeper()


async def forget_yesterday(it: Watched) -> None:
    """A day at another rate."""
    await it.stop_keeper()
    told = KeeperState(at_us=clock.now_us(), round_us=clock.now_us())
    StateFile(it.config.keeper_file, LocalDisk()).tell(told)
    await it.start_keeper()


async def two_days(it: Watched) -> None:
    """Nobody makes a backup for two days."""
    it.clock.ahead_s += 49 * HOUR_S


async def back_up(it: Watched) -> None:
    """Somebody does."""

    def made() -> None:
        client = KeyClient(socket_of(it.config, "api"))
        keys = EpochClient(client)
        keys.back_up_keystore()
        database = it.config.catalog_path / CATALOG_FILE
        make_catalog_set(database, catalog_sets(it.config), keys, clock.now_us())
        client.close()

    await asyncio.to_thread(made)


GUARDS: Final = "tombstone_is_not_deleted"


async def drop_guard(it: Watched) -> None:
    """Somebody wants to delete what must stay."""
    with closing(sqlite3.connect(it.config.catalog_path / CATALOG_FILE)) as catalog:
        found = "SELECT sql FROM sqlite_master WHERE name = ?"
        (it.site.folder / GUARDS).write_text(catalog.execute(found, (GUARDS,)).fetchone()[0])
        catalog.execute(f"DROP TRIGGER {GUARDS}")


async def make_guard(it: Watched) -> None:
    """As it was."""
    with closing(sqlite3.connect(it.config.catalog_path / CATALOG_FILE)) as catalog:
        catalog.execute((it.site.folder / GUARDS).read_text())


async def flip(it: Watched) -> None:
    """A byte of an archived part flips, or flips back, and the archive is verified."""
    part = it.site.archived()[0]
    content = bytearray(part.read_bytes())
    content[9_000] ^= 1
    part.chmod(0o600)
    part.write_bytes(content)
    await asyncio.to_thread(verify_archive, it.config, lambda _done, _total: None)


async def put_back(it: Watched) -> None:
    """The catalog is not the one of this keystore."""

    def told() -> None:
        client = KeyClient(socket_of(it.config, "api"))
        other = SetHash().with_all([b"o" * 32])
        EpochClient(client).compare_destroyed(other, (), is_settled=True)
        client.close()

    await asyncio.to_thread(told)


async def compare(it: Watched) -> None:
    """It is again."""

    def told() -> None:
        client = KeyClient(socket_of(it.config, "api"))
        EpochClient(client).compare_destroyed(SetHash(), (), is_settled=False)
        client.close()

    await asyncio.to_thread(told)


# Tried in every run; the others take as long each.
SOME = 2
TABLE = (
    Row(break_part, (("parts_stuck", ""),), {"KEEP-001"}, remove_part),
    Row(unmount, (("disk_refuses", "archive"),), {"ARCH-001"}, mount),
    Row(
        end_keys,
        (("keys_silent", ""), ("keeper_waits", "keys"), ("backlog_old", "")),
        {"KEY-002", "KEEP-002", "KEEP-003"},
        start_keys,
    ),
    Row(end_keeper, (("keeper_silent", ""),), {"KEEP-002"}, start_keeper),
    Row(
        fill_disks,
        tuple(("disk_fills", name) for name in ("spool", "archive", "catalog", "pages")),
        {"STOR-007"},
        forget_yesterday,
    ),
    Row(
        lambda it: certify(it, 2, "sip"),
        (("certificate_ends", "sip"),),
        {"CERT-001"},
        lambda it: certify(it, 30, "sip"),
    ),
    Row(
        lambda it: certify(it, 2, "http"),
        (("certificate_ends", "http"),),
        {"CERT-002"},
        lambda it: certify(it, 30, "http"),
    ),
    Row(
        two_days,
        (("backup_old", "keystore"), ("backup_old", "catalog")),
        {"BAK-001", "BAK-003"},
        back_up,
    ),
    Row(drop_guard, (("catalog_unguarded", ""),), {"CAT-003"}, make_guard),
    Row(flip, (("verify_failed", ""),), {"VER-001"}, flip),
    Row(put_back, (("keystore_shut", "keystore"),), {"KEY-006"}, compare),
)


@pytest.mark.parametrize("rows", [TABLE[:SOME], pytest.param(TABLE[SOME:], marks=pytest.mark.slow)])
async def test_each_alarm_is_raised_by_its_cause_and_gone_after_the_mend(
    monkeypatch: pytest.MonkeyPatch, rows: tuple[Row, ...]
) -> None:
    """By whom it may be looked for; `tests/crash/test_health_disks.py` has disks of all kinds."""
    async with watched(monkeypatch) as it:
        await it.until(("keeper_silent", ""), ring=False)
        for row in rows:
            await tried(it, row)
