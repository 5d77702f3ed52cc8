"""What the key daemon answers of holds, plans and destroying, and to whom."""

from pathlib import Path

import msgspec
import pytest

from archive.ids import DEFAULT_TENANT, RecordingId
from archive.keys.errors import Refusal
from archive.keys.store.schema import open_database
from archive.keys.wire.guard_messages import (
    MAX_DESTROYED,
    MAX_KEYS,
    ActivateHold,
    CancelHold,
    ConfirmClock,
    Destroy,
    DestroyedAnswer,
    DoneAnswer,
    EndPlan,
    FenceAnswer,
    HeldKeysAnswer,
    HoldKeys,
    OpenPlan,
    PlaceHold,
    PlanText,
    ReadFence,
    ReleaseHold,
    SealPlan,
)
from archive.keys.wire.protocol import (
    Adopt,
    Ask,
    AskerRole,
    Confirm,
    MarkArchived,
    RefusedAnswer,
    Status,
    StatusAnswer,
)
from archive.lifecycle.plan_text import MAX_PIECE_BYTES, MAX_PIECE_LINES, pieces_of
from tests.archive.keys.plan_texts import sha256_of, text_of
from tests.archive.keys.scene import NOW_US, FirstBlocks, Scene
from tests.support.archive.log_file import found, log_bytes

TENANT = DEFAULT_TENANT.raw
DAY_US = 86_400_000_000
HOLD, PLAN, OTHER = b"hold".ljust(16), b"plan".ljust(16), b"other".ljust(16)
MALFORMED = RefusedAnswer(refused=Refusal.MALFORMED)
NOT_PERMITTED = RefusedAnswer(refused=Refusal.NOT_PERMITTED)
OPEN_PLAN = OpenPlan(plan=PLAN, tenant=TENANT, digest=bytes(32), due_us=NOW_US, share_ppm=1_000_000)
OF_THE_API: list[Ask] = [
    PlaceHold(hold=HOLD, tenant=TENANT),
    ActivateHold(hold=HOLD),
    CancelHold(hold=HOLD),
    ReleaseHold(hold=HOLD),
    OPEN_PLAN,
    PlanText(plan=PLAN, at=0, text=b"", lines=()),
    SealPlan(plan=PLAN),
]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def archived(scene: Scene) -> FirstBlocks:
    """A part that has gone all the way past the keeper."""
    blocks = scene.node.first_blocks()
    key_id = blocks.header.key.raw
    for ask in (
        Adopt(page=blocks.page, header=blocks.block),
        Confirm(key_id=key_id),
        MarkArchived(key_id=key_id),
    ):
        scene.daemon.answer(AskerRole.KEEPER, ask)
    return blocks


def plan_of(scene: Scene, *recordings: bytes) -> None:
    for ask in asks_of(*recordings):
        assert scene.daemon.answer(AskerRole.API, ask) == DoneAnswer()


def asks_of(*recordings: bytes, approved: bytes = b"") -> list[Ask]:
    """A plan on its way; `approved`: the digest that was, where it is not that of its text."""
    lines = text_of([(RecordingId(each), 1) for each in recordings])
    return [
        msgspec.structs.replace(OPEN_PLAN, digest=approved or sha256_of(lines)),
        *(
            PlanText(plan=PLAN, at=each.at, text=each.text, lines=each.lines)
            for each in pieces_of(lines)
        ),
        SealPlan(plan=PLAN),
    ]


def destroy(scene: Scene, *recordings: bytes, generation: int = 0) -> object:
    ask = Destroy(plan=PLAN, generation=generation, recordings=recordings)
    return scene.daemon.answer(AskerRole.RETENTION, ask)


def test_a_planned_recording_is_destroyed_and_never_comes_back(scene: Scene) -> None:
    """From the spool, too: its file may still lie on a second volume."""
    blocks = archived(scene)
    own = blocks.header.recording.raw
    plan_of(scene, own)

    assert destroy(scene, own) == DestroyedAnswer(outcomes=(NOW_US,))
    again = scene.daemon.answer(AskerRole.KEEPER, Adopt(page=blocks.page, header=blocks.block))
    assert again == RefusedAnswer(refused=Refusal.KEY_DESTROYED)
    status = scene.daemon.answer(AskerRole.API, Status())
    assert isinstance(status, StatusAnswer)
    assert (status.adopted, status.destroyed) == (0, 1)


def test_what_is_destroyed_is_in_no_file_when_it_is_answered(scene: Scene) -> None:
    """The log was folded in and cut."""
    blocks = archived(scene)
    (wrap,) = (
        open_database(scene.config.keystore).execute("SELECT wrapped FROM data_key").fetchone()
    )
    plan_of(scene, blocks.header.recording.raw)
    assert found(scene.config.keystore, [wrap]) == 1

    destroy(scene, blocks.header.recording.raw)
    assert found(scene.config.keystore, [wrap]) == 0
    assert log_bytes(scene.config.keystore) == 0


def test_what_a_reader_kept_in_the_log_goes_with_the_next_question(scene: Scene) -> None:
    """A backup that reads just then must not leave the wrap in the log until the next sweep."""
    blocks = archived(scene)
    plan_of(scene, blocks.header.recording.raw)
    reader = open_database(scene.config.keystore)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM data_key").fetchone()
    assert destroy(scene, blocks.header.recording.raw) == DestroyedAnswer(outcomes=(NOW_US,))
    assert log_bytes(scene.config.keystore) > 0

    reader.execute("COMMIT")
    scene.daemon.answer(AskerRole.RETENTION, ReadFence(tenant=TENANT))
    assert log_bytes(scene.config.keystore) == 0


def test_a_hold_goes_all_its_way_and_keeps_what_it_names(scene: Scene) -> None:
    """Place, hold, activate; the runner is told why; release; then it goes."""
    blocks = archived(scene)
    own, key_id = blocks.header.recording.raw, blocks.header.key.raw
    plan_of(scene, own)
    ask = scene.daemon.answer

    assert ask(AskerRole.API, OF_THE_API[0]) == FenceAnswer(generation=1, placing=1)
    assert destroy(scene, own, generation=1) == DestroyedAnswer(outcomes=("placing",))
    assert ask(AskerRole.API, HoldKeys(hold=HOLD, keys=(key_id, OTHER))) == HeldKeysAnswer(
        held=1, destroyed=(), unknown=(OTHER,), total=1
    )
    status = ask(AskerRole.API, Status())
    assert isinstance(status, StatusAnswer)
    assert status.placing == 1
    assert ask(AskerRole.API, ActivateHold(hold=HOLD)) == DoneAnswer()
    assert ask(AskerRole.RETENTION, ReadFence(tenant=TENANT)) == FenceAnswer(
        generation=1, placing=0
    )
    assert destroy(scene, own) == DestroyedAnswer(outcomes=("recheck",))
    assert destroy(scene, own, generation=1) == DestroyedAnswer(outcomes=("held",))
    assert ask(AskerRole.API, ReleaseHold(hold=HOLD)) == DoneAnswer()
    assert destroy(scene, own, generation=1) == DestroyedAnswer(outcomes=(NOW_US,))


def test_the_keeper_holds_what_a_future_match_found(scene: Scene) -> None:
    """After the catalog has the part, before its key is marked archived."""
    blocks = archived(scene)
    scene.daemon.answer(AskerRole.API, OF_THE_API[0])
    scene.daemon.answer(AskerRole.API, ActivateHold(hold=HOLD))

    ask = HoldKeys(hold=HOLD, keys=(blocks.header.key.raw,))
    assert scene.daemon.answer(AskerRole.KEEPER, ask) == HeldKeysAnswer(
        held=1, destroyed=(), unknown=(), total=1
    )


def test_each_socket_may_ask_only_its_own(scene: Scene) -> None:
    """Who destroys can neither plan nor release; who plans cannot destroy; the keeper neither."""
    destroying = Destroy(plan=PLAN, generation=0, recordings=())
    for ask in OF_THE_API:
        for role in (AskerRole.KEEPER, AskerRole.RETENTION):
            assert scene.daemon.answer(role, ask) == NOT_PERMITTED
    assert scene.daemon.answer(AskerRole.KEEPER, EndPlan(plan=PLAN)) == NOT_PERMITTED
    for role in (AskerRole.KEEPER, AskerRole.API):
        assert scene.daemon.answer(role, destroying) == NOT_PERMITTED
    retention = [HoldKeys(hold=HOLD, keys=()), Confirm(key_id=OTHER)]
    for ask in retention:
        assert scene.daemon.answer(AskerRole.RETENTION, ask) == NOT_PERMITTED


@pytest.mark.parametrize(
    "ask",
    [
        PlaceHold(hold=b"short", tenant=TENANT),
        PlaceHold(hold=HOLD, tenant=b"short"),
        HoldKeys(hold=HOLD, keys=(b"short",)),
        HoldKeys(hold=HOLD, keys=(OTHER,) * (MAX_KEYS + 1)),
        OpenPlan(plan=PLAN, tenant=TENANT, digest=b"short", due_us=0, share_ppm=0),
        OpenPlan(plan=PLAN, tenant=TENANT, digest=bytes(32), due_us=-1, share_ppm=0),
        OpenPlan(plan=PLAN, tenant=TENANT, digest=bytes(32), due_us=1 << 63, share_ppm=0),
        OpenPlan(plan=PLAN, tenant=TENANT, digest=bytes(32), due_us=0, share_ppm=1_000_001),
        PlanText(plan=PLAN, at=0, text=b"\n", lines=((OTHER, 0),)),
        PlanText(plan=PLAN, at=0, text=b"\n", lines=((b"", 1),)),
        PlanText(plan=PLAN, at=0, text=b"\n", lines=((b"short", 1),)),
        PlanText(plan=PLAN, at=0, text=b"\n", lines=((OTHER, 1 << 63),)),
        PlanText(plan=PLAN, at=0, text=bytes(MAX_PIECE_BYTES + 1), lines=()),
        PlanText(
            plan=PLAN,
            at=0,
            text=b"\n" * (MAX_PIECE_LINES + 1),
            lines=((b"", 0),) * (MAX_PIECE_LINES + 1),
        ),
    ],
)
def test_what_is_out_of_bounds_is_malformed(scene: Scene, ask: Ask) -> None:
    """No peer trips an assertion of ours, or has the daemon busy for longer than it should be."""
    scene.daemon.answer(AskerRole.API, OPEN_PLAN)

    assert scene.daemon.answer(AskerRole.API, ask) == MALFORMED


ALTERED = RefusedAnswer(refused=Refusal.PLAN_ALTERED)
OUT_OF_ORDER = RefusedAnswer(refused=Refusal.OUT_OF_ORDER)


def test_a_text_that_is_not_the_approved_one_destroys_nothing(scene: Scene) -> None:
    """A line more in the catalog than two persons saw."""
    planned, inserted = (archived(scene).header.recording.raw for _ in range(2))
    approved = sha256_of(text_of([(RecordingId(planned), 1)]))
    *before, seal = asks_of(planned, inserted, approved=approved)

    assert {scene.daemon.answer(AskerRole.API, each) for each in before} == {DoneAnswer()}
    assert scene.daemon.answer(AskerRole.API, seal) == ALTERED
    assert destroy(scene, planned, inserted) == DestroyedAnswer(outcomes=("not_planned",) * 2)


def test_a_text_that_begins_anew_has_nothing_of_the_one_before(scene: Scene) -> None:
    """What came of a text that nobody approved would be sealed with the one that was."""
    planned, inserted = (archived(scene).header.recording.raw for _ in range(2))
    approved = sha256_of(text_of([(RecordingId(planned), 1)]))
    for ask in asks_of(planned, inserted, approved=approved):
        scene.daemon.answer(AskerRole.API, ask)

    plan_of(scene, planned)

    assert destroy(scene, inserted, planned) == DestroyedAnswer(outcomes=("not_planned", NOW_US))


def test_a_plan_without_its_text_is_not_sealed(scene: Scene) -> None:
    """After a restart of the daemon the text comes anew: it keeps a list and no digest of it."""
    own = archived(scene).header.recording.raw
    opened, text, seal = asks_of(own)

    assert scene.daemon.answer(AskerRole.API, text) == OUT_OF_ORDER
    scene.daemon.answer(AskerRole.API, opened)
    other = msgspec.structs.replace(text, plan=OTHER)
    assert scene.daemon.answer(AskerRole.API, other) == OUT_OF_ORDER
    assert scene.daemon.answer(AskerRole.API, seal) == ALTERED
    assert destroy(scene, own) == DestroyedAnswer(outcomes=("not_planned",))


def test_more_at_once_than_a_batch_is_malformed(scene: Scene) -> None:
    """A batch holds up everybody else."""
    assert destroy(scene, *(OTHER,) * (MAX_DESTROYED + 1)) == MALFORMED
    assert destroy(scene, b"short") == MALFORMED
    assert destroy(scene, OTHER, generation=1 << 70) == DestroyedAnswer(outcomes=("not_planned",))


def test_by_a_clock_that_nobody_vouches_for_nothing_is_destroyed(scene: Scene) -> None:
    """Ten years ahead at a boot every cooling off is over; then a person says what time it is."""
    own = archived(scene).header.recording.raw
    plan_of(scene, own)
    ask = scene.daemon.answer
    ask(AskerRole.API, PlaceHold(hold=HOLD, tenant=TENANT))
    ask(AskerRole.API, ActivateHold(hold=HOLD))
    scene.now_us = NOW_US + 10 * 365 * DAY_US
    scene.restart_watched()

    told = scene.daemon.answer(AskerRole.API, Status())
    assert isinstance(told, StatusAnswer)
    assert told.clock.doubt == "pause"
    assert destroy(scene, own, generation=1) == DestroyedAnswer(outcomes=("clock_unsure",))
    ask = scene.daemon.answer
    assert ask(AskerRole.API, ReleaseHold(hold=HOLD)) == RefusedAnswer(refused=Refusal.CLOCK_UNSURE)
    assert ask(AskerRole.RETENTION, ConfirmClock()) == NOT_PERMITTED
    assert ask(AskerRole.KEEPER, ConfirmClock()) == NOT_PERMITTED

    scene.now_us = NOW_US + 1
    scene.restart_watched()
    assert destroy(scene, own, generation=1) == DestroyedAnswer(outcomes=(NOW_US + 1,))


def test_a_persons_word_lets_it_go_on(scene: Scene) -> None:
    """At the socket of the API, where that word is in the journal."""
    own = archived(scene).header.recording.raw
    plan_of(scene, own)
    scene.now_us += 10 * DAY_US
    scene.restart_watched()
    assert destroy(scene, own) == DestroyedAnswer(outcomes=("clock_unsure",))

    assert scene.daemon.answer(AskerRole.API, ConfirmClock()) == DoneAnswer()
    assert destroy(scene, own) == DestroyedAnswer(outcomes=(scene.now_us,))
