"""A keystore that was put back opens nothing until what was destroyed since is gone again."""

import shutil
from pathlib import Path

import pytest
from msgspec import structs

from archive.ids import DEFAULT_TENANT
from archive.keys.errors import Refusal
from archive.keys.gate.restored_holds import stand_in
from archive.keys.store.schema import open_database
from archive.keys.wire.gate_messages import FreeKeystore, GateAnswer, GateRow, ReplayDestroyed
from archive.keys.wire.guard_messages import (
    ActivateHold,
    CancelHold,
    FenceAnswer,
    HoldKeys,
    PlaceHold,
    ReadFence,
)
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.keys.wire.protocol import (
    QUESTIONS,
    Adopt,
    AskerRole,
    RefusedAnswer,
    Status,
    StatusAnswer,
)
from archive.lifecycle.tombstone import digest_of
from tests.archive.keys.entries import open_ask
from tests.archive.keys.scene import FirstBlocks, Scene
from tests.support.keys.rollback import adopted, destroy, work_all


def opened(scene: Scene, blocks: FirstBlocks) -> object:
    ask = open_ask(blocks.header.key, blocks.header.recording, scene.now_us)
    return scene.daemon.answer(AskerRole.API, ask)


@pytest.fixture
def put_back(tmp_path: Path) -> tuple[Scene, list[FirstBlocks]]:
    """Three recordings; the first destroyed since the backup, the last made and destroyed since."""
    scene = Scene(tmp_path / "keys")
    recorded = [adopted(scene), adopted(scene)]
    scene.daemon.close()
    shutil.copy(scene.config.keystore, tmp_path / "backup.db")
    scene.start()
    recorded.append(adopted(scene))
    destroy(scene, recorded[0])
    destroy(scene, recorded[2])
    scene.daemon.close()
    for name in ("keystore.db-wal", "keystore.db-shm"):
        (tmp_path / "keys" / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", scene.config.keystore)
    scene.start()
    return scene, recorded


def replay(scene: Scene, *blocks: FirstBlocks) -> object:
    digests = tuple(digest_of(each.header.recording) for each in blocks)
    return scene.daemon.answer(AskerRole.API, ReplayDestroyed(digests=digests))


def test_a_shut_keystore_answers_only_what_says_so(
    put_back: tuple[Scene, list[FirstBlocks]],
) -> None:
    """Question by question, from their classes."""
    daemon = put_back[0].daemon
    refused = RefusedAnswer(refused=Refusal.ROLLED_BACK)

    for kind in (each for each in QUESTIONS if not each.while_shut):
        ask = kind(**dict.fromkeys(kind.__struct_fields__))
        assert [daemon.answer(role, ask) for role in kind.asked_by] == [refused] * len(
            kind.asked_by
        )


def test_it_opens_adopts_and_backs_up_nothing(put_back: tuple[Scene, list[FirstBlocks]]) -> None:
    """The destroyed recording's key is in it."""
    scene, recorded = put_back
    refused = RefusedAnswer(refused=Refusal.ROLLED_BACK)
    again = Adopt(page=recorded[2].page, header=recorded[2].block)

    assert [opened(scene, each) for each in recorded] == [refused] * 3
    assert scene.daemon.answer(AskerRole.KEEPER, again) == refused
    assert isinstance(scene.daemon.answer(AskerRole.KEEPER, Status()), StatusAnswer)
    assert scene.daemon.work.next_job() is None


def gate_of(answer: object) -> GateRow:
    assert isinstance(answer, GateAnswer)
    return answer.gate


def test_it_opens_when_all_of_it_is_destroyed_again(
    put_back: tuple[Scene, list[FirstBlocks]],
) -> None:
    """Those that it never had included: their parts in a spool are refused."""
    scene, recorded = put_back
    some = gate_of(replay(scene, recorded[0]))
    assert (some.is_open, some.known, some.counted, some.claims) == (False, 0, 2, 1)
    everything = replay(scene, recorded[0], recorded[2])

    assert everything == GateAnswer(gate=GateRow(is_open=True, known=2, counted=2))
    assert isinstance(opened(scene, recorded[1]), DataKeyAnswer)
    assert opened(scene, recorded[0]) == RefusedAnswer(refused=Refusal.KEY_DESTROYED)
    again = Adopt(page=recorded[2].page, header=recorded[2].block)
    refused = scene.daemon.answer(AskerRole.KEEPER, again)
    assert refused == RefusedAnswer(refused=Refusal.KEY_DESTROYED)


def test_what_is_not_exactly_what_was_counted_destroys_nothing(
    put_back: tuple[Scene, list[FirstBlocks]],
) -> None:
    """Whoever writes tombstones could name one that must stay in the place of one that went.

    And choose a last one so that the digests add up to the same.
    """
    scene, recorded = put_back
    gone, kept, went = (
        int.from_bytes(digest_of(each.header.recording), "big") for each in recorded
    )
    made_up = ((gone + went - kept) % (1 << 256)).to_bytes(32, "big")
    digests = (kept.to_bytes(32, "big"), made_up)
    told = gate_of(scene.daemon.answer(AskerRole.API, ReplayDestroyed(digests=digests)))

    assert (told.is_open, told.known, told.claims) == (False, 0, 2)
    connection = open_database(scene.config.keystore)
    assert connection.execute("SELECT count(*) FROM data_key").fetchone() == (2,)
    connection.close()


def test_the_fence_stays_up_behind_it(put_back: tuple[Scene, list[FirstBlocks]]) -> None:
    """Holds were placed since, too; who knows them cancels the stand-in when they are back."""
    scene, recorded = put_back
    replay(scene, recorded[0], recorded[2])
    asked = ReadFence(tenant=DEFAULT_TENANT.raw)
    before = scene.daemon.answer(AskerRole.RETENTION, asked)
    scene.restart()
    again = scene.daemon.answer(AskerRole.RETENTION, asked)
    scene.daemon.answer(AskerRole.API, CancelHold(hold=stand_in(DEFAULT_TENANT).raw))

    assert before == again == FenceAnswer(generation=1, placing=1)
    assert scene.daemon.answer(AskerRole.RETENTION, asked) == FenceAnswer(generation=1, placing=0)


def free(scene: Scene, gate: GateRow, journal: int = 7, *, destroys: bool = False) -> object:
    return scene.daemon.answer(
        AskerRole.API,
        FreeKeystore(
            known=gate.known,
            counted=gate.counted,
            claims=gate.claims,
            claims_digest=gate.claims_digest,
            destroys=destroys,
            journal=journal,
        ),
    )


def test_it_can_be_freed_with_less(put_back: tuple[Scene, list[FirstBlocks]]) -> None:
    """Two persons have seen to it above; from then on the count is its own, and that is kept."""
    scene, recorded = put_back
    told = gate_of(replay(scene, recorded[0]))
    freed = gate_of(free(scene, told, destroys=True))
    assert (freed.is_open, freed.known) == (True, 1)
    work_all(scene)
    scene.restart()

    assert isinstance(opened(scene, recorded[1]), DataKeyAnswer)
    assert opened(scene, recorded[0]) == RefusedAnswer(refused=Refusal.KEY_DESTROYED)
    kept = open_database(scene.config.keystore).execute(
        "SELECT known, counted, journal, confirmed FROM freed"
    )
    assert kept.fetchall() == [(0, 2, 7, 1)]


def test_what_two_persons_confirm_goes_but_for_what_a_hold_has(
    put_back: tuple[Scene, list[FirstBlocks]],
) -> None:
    """Holds are applied again first: what is in doubt is kept."""
    scene, recorded = put_back
    hold, tenant = b"h" * 16, DEFAULT_TENANT.raw
    scene.daemon.answer(AskerRole.API, PlaceHold(hold=hold, tenant=tenant))
    scene.daemon.answer(AskerRole.API, HoldKeys(hold=hold, keys=(recorded[1].header.key.raw,)))
    scene.daemon.answer(AskerRole.API, ActivateHold(hold=hold))
    told = gate_of(replay(scene, recorded[0], recorded[1]))
    free(scene, told, destroys=True)

    assert opened(scene, recorded[0]) == RefusedAnswer(refused=Refusal.KEY_DESTROYED)
    assert isinstance(opened(scene, recorded[1]), DataKeyAnswer)


def test_freed_without_destroying_it_destroys_nothing(
    put_back: tuple[Scene, list[FirstBlocks]],
) -> None:
    """Two persons may not believe what the catalog says."""
    scene, recorded = put_back
    free(scene, gate_of(replay(scene, recorded[0])))

    assert isinstance(opened(scene, recorded[0]), DataKeyAnswer)


@pytest.mark.parametrize(
    ("told", "wanted", "journal", "why"),
    [
        # Nobody has said yet what was destroyed.
        (False, {}, 7, Refusal.GATE_DIFFERS),
        # More, less or something else is missing than the persons have read.
        (True, {"known": 1}, 7, Refusal.GATE_DIFFERS),
        (True, {"counted": 1}, 7, Refusal.GATE_DIFFERS),
        (True, {"counted": -1}, 7, Refusal.GATE_DIFFERS),
        (True, {"claims": 0}, 7, Refusal.GATE_DIFFERS),
        (True, {"claims_digest": bytes(32)}, 7, Refusal.GATE_DIFFERS),
        (True, {}, 0, Refusal.JOURNAL_ID_MISSING),
    ],
)
def test_it_is_freed_only_as_it_was_approved(
    put_back: tuple[Scene, list[FirstBlocks]],
    told: bool,
    wanted: dict[str, object],
    journal: int,
    why: Refusal,
) -> None:
    """The API alone is not believed: what it says of the gate must be so."""
    scene, recorded = put_back
    gate = GateRow(is_open=False, known=0, counted=2)
    if told:
        gate = gate_of(replay(scene, recorded[0]))
    gate = structs.replace(gate, **wanted)

    assert free(scene, gate, journal) == RefusedAnswer(refused=why)
    assert opened(scene, recorded[1]) == RefusedAnswer(refused=Refusal.ROLLED_BACK)


def test_a_missing_count_is_a_rollback_too(tmp_path: Path) -> None:
    """Nobody knows what is missing; but before the first destruction nothing can be."""
    scene = Scene(tmp_path)
    blocks, kept = adopted(scene), adopted(scene)
    (scene.config.epochs / "destructions").unlink(missing_ok=True)
    scene.restart()
    assert isinstance(opened(scene, kept), DataKeyAnswer)
    destroy(scene, blocks)
    (scene.config.epochs / "destructions").unlink()
    scene.restart()

    assert opened(scene, kept) == RefusedAnswer(refused=Refusal.ROLLED_BACK)


def test_nothing_is_destroyed_by_a_list_otherwise(tmp_path: Path) -> None:
    """A captured API must not do at this door what it may not at the other."""
    scene = Scene(tmp_path)
    kept = adopted(scene)

    assert replay(scene, kept) == RefusedAnswer(refused=Refusal.NOT_PERMITTED)
    assert isinstance(opened(scene, kept), DataKeyAnswer)


def test_a_daemon_that_was_killed_before_it_counted_is_not_rolled_back(tmp_path: Path) -> None:
    """The count follows the commit."""
    scene = Scene(tmp_path)
    gone, kept = adopted(scene), adopted(scene)
    work_all(scene)
    count = (scene.config.epochs / "destructions").read_bytes()
    destroy(scene, gone)
    (scene.config.epochs / "destructions").write_bytes(count)
    scene.restart()

    assert isinstance(opened(scene, kept), DataKeyAnswer)
