"""Erasure in backups: who has every copy ever made and all keys of today opens what was destroyed
until the day on the certificate, and from that day on never again.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from archive.backup.errors import SetOutdated
from archive.backup.sealed import unseal
from archive.format.header import HeaderBlock
from archive.format.intake import IntakePage, IntakePrivateKey, open_page
from archive.ids import IntakeKeyId
from archive.keys.epochs import rewrap
from archive.keys.epochs.assurance import BackupEnd, TurnPlan, backup_end
from archive.keys.epochs.epochs import EpochState, epochs
from archive.keys.epochs.keystore_sets import opened_set_key
from archive.keys.errors import EpochKeyMissing
from archive.keys.store.key_service import PassphraseService
from archive.keys.store.keystore import Keystore
from archive.keys.store.schema import open_database
from archive.keys.store.shards import ShardDay, shard_aad
from tests.archive.keys.scene import NOW_US, Node, some_header
from tests.archive.keys.turning import DAY_US, NODE, Turning


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A part whose key was adopted: what its writer knew, and the page that a copy may have."""

    header: HeaderBlock
    data_key: bytes
    page: bytes
    block: bytes


@dataclass(slots=True)
class Simulated:
    """So many days, a copy of everything on each; destroyed recordings with their certificates."""

    turning: Turning
    copies: Path
    destroyed: list[tuple[Recorded, BackupEnd]] = field(default_factory=list)

    @property
    def plan(self) -> TurnPlan:
        return TurnPlan(every_us=DAY_US, keep=self.turning.keep)

    def record(self) -> Recorded:
        (intake, _), *_ = self.turning.opened.pairs.intake_keys()
        node = Node(NODE, Ed25519PrivateKey.generate(), intake)
        blocks = node.first_blocks(some_header(NODE, created_us=self.turning.now_us))
        self.turning.opened.keystore.adopt(blocks.header, blocks.data_key)
        return Recorded(
            header=blocks.header, data_key=blocks.data_key, page=blocks.page, block=blocks.block
        )

    def destroy(self, what: Recorded) -> None:
        end = backup_end(epochs(self.turning.opened.connection), self.plan)
        self.turning.destroy(what.header)
        self.destroyed.append((what, end))

    def copy_everything(self, day: int) -> None:
        """As an operator's nightly copy of the whole keystore, beside the sets that turns make."""
        with closing(sqlite3.connect(self.copies / f"{day}.db")) as copy:
            self.turning.opened.connection.backup(copy)

    def day(self, number: int) -> None:
        self.copy_everything(number)
        self.turning.turn_once()
        shutil.copytree(self.turning.folder / "sets", self.copies / "sets", dirs_exist_ok=True)


def restored_set_opens(simulated: Simulated, what: Recorded) -> bool:
    """Whether any set ever made opens it, restored beside the key service's files of today."""
    service = simulated.turning.service
    sets = sorted((simulated.copies / "sets").glob("*.rkb"), reverse=True)
    return any(_opens_in(simulated, service, path, what) for path in sets)


def _opens_in(simulated: Simulated, service: PassphraseService, path: Path, what: Recorded) -> bool:
    restored = simulated.copies / "restored.db"
    restored.unlink(missing_ok=True)
    try:
        with opened_set_key(service, path) as key:
            lead = unseal(path, key, restored)
    except SetOutdated:
        return False
    with closing(open_database(restored)) as connection:
        keystore = Keystore(connection, service, lead.epoch, lambda: 0)
        if keystore.find(what.header.key) is None:
            return False
        return bytes(keystore.open(what.header.key)) == what.data_key


def anything_opens(simulated: Simulated, what: Recorded) -> bool:
    """Whether an attacker with every copy, every page and today's keys gets at the data key."""
    service = simulated.turning.service
    known = _known(simulated, what)
    if any(_opens_page(service, row, what) for row in known.intake):
        return True
    shards = {_shard_key(service, row) for row in known.shards}
    return any(_unwraps(key, wrap, what) for key, (wrap,) in product(shards - {b""}, known.wraps))


@dataclass(slots=True)
class Known:
    """Every row about a part that any copy has."""

    wraps: set[tuple[bytes]] = field(default_factory=set)
    shards: set[tuple[int, bytes, int, int, bytes]] = field(default_factory=set)
    intake: set[tuple[bytes, int, int, bytes]] = field(default_factory=set)


def _known(simulated: Simulated, what: Recorded) -> Known:
    known, own = Known(), (what.header.key.raw,)
    day = what.header.created_us // DAY_US
    for database in [*simulated.copies.glob("*.db"), simulated.turning.folder / "keystore.db"]:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as copy:
            known.wraps |= set(copy.execute("SELECT wrapped FROM data_key WHERE key_id = ?", own))
            known.shards |= set(
                copy.execute(
                    "SELECT id, tenant, day, epoch, wrapped_key FROM shard WHERE day = ?", (day,)
                )
            )
            known.intake |= set(
                copy.execute(
                    "SELECT id, suite, epoch, wrapped_seeds FROM intake_key"
                    " WHERE wrapped_seeds IS NOT NULL AND id = ?",
                    (IntakePage.decode(what.page).intake_key.raw,),
                )
            )
    return known


def _shard_key(service: PassphraseService, row: tuple[int, bytes, int, int, bytes]) -> bytes:
    shard, tenant, day, epoch, wrapped = row
    try:
        return bytes(service.unwrap(epoch, wrapped, shard_aad(shard, epoch, ShardDay(tenant, day))))
    except EpochKeyMissing:
        return b""


def _opens_page(
    service: PassphraseService, row: tuple[bytes, int, int, bytes], what: Recorded
) -> bool:
    own, suite, epoch, wrapped = row
    aad = b"rokuon intake key 1" + suite.to_bytes(2, "big") + own
    try:
        seeds = bytes(service.unwrap(epoch, wrapped, aad))
    except EpochKeyMissing:
        return False
    private = IntakePrivateKey(IntakeKeyId(own), suite, seeds)
    return bytes(open_page(what.page, what.block, private)) == what.data_key


def _unwraps(shard_key: bytes, wrap: bytes, what: Recorded) -> bool:
    try:
        return aes_key_unwrap(shard_key, wrap) == what.data_key
    except InvalidUnwrap:
        return False


def simulate(folder: Path, *, days: int, keep: int, destroys_on: range) -> Simulated:
    """Each day some calls, one of them kept for ever; on some days the oldest and the latest go."""
    (folder / "copies").mkdir()
    simulated = Simulated(Turning(folder / "keys", keep=keep), folder / "copies")
    calls: list[Recorded] = []
    for day in range(1, days + 1):
        calls += [simulated.record() for _ in range(3)]
        if day in destroys_on:
            simulated.destroy(calls.pop(0))
            simulated.destroy(calls.pop())
        simulated.day(day)
        _check(simulated, day)
    kept = simulated.turning.opened.keystore
    assert all(bytes(kept.open(each.header.key)) == each.data_key for each in calls)
    return simulated


def _check(simulated: Simulated, day: int) -> None:
    """On the eve of each date something still opens it, from the date on nothing does."""
    current = day + 1
    for what, end in simulated.destroyed:
        if current == end.ends_with - 1:
            assert restored_set_opens(simulated, what) is was_in_a_set(what, end)
            assert anything_opens(simulated, what)
        if current == end.ends_with:
            now_us = simulated.turning.now_us
            assert end.planned_us == now_us
            known = epochs(simulated.turning.opened.connection)
            past = [each for each in known if each.number <= end.epoch]
            assert {each.state for each in past} == {EpochState.DESTROYED}
            assert not restored_set_opens(simulated, what)
            assert not anything_opens(simulated, what)


def was_in_a_set(what: Recorded, end: BackupEnd) -> bool:
    """Sets are made by turns: what came and went between two of them is in none."""
    return what.header.created_us // DAY_US < (NOW_US // DAY_US) + end.epoch - 1


def test_no_backup_opens_a_destroyed_recording_from_its_date_on(tmp_path: Path) -> None:
    """The date on a certificate is a promise; the day before shows that the test has teeth."""
    simulated = simulate(tmp_path, days=6, keep=3, destroys_on=range(1, 4))

    assert len(simulated.destroyed) == 6
    assert not any(anything_opens(simulated, what) for what, _ in simulated.destroyed)


@pytest.mark.parametrize(
    "fault",
    [
        # Survivors stay where they were: the present keystore has the key that old wraps need.
        ("archive.keys.epochs.rewrap._TOUCHED", "SELECT 1 FROM touched_shard WHERE ? AND 0"),
        # An epoch outlives its day.
        ("archive.keys.epochs.epoch_end.due_epochs", lambda *_: ()),
    ],
    ids=["survivors stay", "epochs stay"],
)
def test_it_goes_red_when_a_step_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: tuple[str, object]
) -> None:
    """Each step is there because without it the key comes back."""
    monkeypatch.setattr(*fault)
    if "rewrap" in fault[0]:
        untouched = rewrap._UNTOUCHED.replace("id NOT IN (SELECT shard FROM touched_shard)", "1")
        monkeypatch.setattr(rewrap, "_UNTOUCHED", untouched)

    with pytest.raises(AssertionError):
        simulate(tmp_path, days=5, keep=3, destroys_on=range(2, 3))


@pytest.mark.slow
def test_forty_days_of_backups_with_destructions_in_between(tmp_path: Path) -> None:
    """As it is shipped: N is 30, a turn a day."""
    simulated = simulate(tmp_path, days=40, keep=30, destroys_on=range(1, 11))

    assert len(simulated.destroyed) == 20
    assert not any(anything_opens(simulated, what) for what, _ in simulated.destroyed)


def test_no_file_of_the_keystore_holds_the_destroyed_key_or_its_wrap(tmp_path: Path) -> None:
    """Free pages and the database's log are files too."""
    simulated = Simulated(Turning(tmp_path / "keys"), tmp_path / "copies")
    simulated.copies.mkdir()
    gone, kept = simulated.record(), simulated.record()
    connection = simulated.turning.opened.connection
    ((wrap,),) = connection.execute(
        "SELECT wrapped FROM data_key WHERE key_id = ?", (gone.header.key.raw,)
    )
    assert any(wrap in path.read_bytes() for path in _files(tmp_path / "keys"))
    simulated.destroy(gone)
    simulated.turning.turn_once()

    for path in _files(tmp_path / "keys"):
        assert wrap not in path.read_bytes()
        assert gone.data_key not in path.read_bytes()
    assert bytes(simulated.turning.opened.keystore.open(kept.header.key)) == kept.data_key


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
