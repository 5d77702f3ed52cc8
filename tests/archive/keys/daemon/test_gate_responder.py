"""What is asked of the gate over its real answer, role by role: what is malformed is refused."""

from pathlib import Path

import pytest

from archive.keys.errors import Refusal
from archive.keys.wire.gate_messages import (
    MAX_DIGESTS,
    AddProof,
    BeginProof,
    ComparedAnswer,
    CompareDestroyed,
    DestroyedListAnswer,
    ListDestroyed,
    ReplayDestroyed,
)
from archive.keys.wire.message import AskMessage
from archive.keys.wire.protocol import AskerRole, RefusedAnswer
from archive.lifecycle.tombstone import digest_of
from archive.set_hash import HASH_BYTES, SetHash
from tests.archive.keys.scene import Scene
from tests.support.keys.rollback import adopted, destroy

EMPTY = CompareDestroyed(recordings=0, total=bytes(HASH_BYTES), is_settled=True)


@pytest.mark.parametrize("role", [AskerRole.KEEPER, AskerRole.RETENTION])
@pytest.mark.parametrize(
    "ask",
    [EMPTY, ListDestroyed(behind=b""), BeginProof(certificate=b""), AddProof(leaves=())],
)
def test_only_the_api_asks(tmp_path: Path, role: AskerRole, ask: AskMessage) -> None:
    """A runner that was taken over shuts nothing, and proves nothing."""
    assert Scene(tmp_path).daemon.answer(role, ask) == RefusedAnswer(refused=Refusal.NOT_PERMITTED)


@pytest.mark.parametrize(
    "ask",
    [
        CompareDestroyed(recordings=0, total=b"short"),
        CompareDestroyed(recordings=-1, total=bytes(HASH_BYTES)),
        CompareDestroyed(recordings=0, total=bytes(HASH_BYTES), under_way=(b"short",)),
        ReplayDestroyed(digests=(bytes(32),) * (MAX_DIGESTS + 1)),
        AddProof(leaves=()),
        AddProof(leaves=((b"short", 1, bytes(32)),)),
        AddProof(leaves=((bytes(32), -1, bytes(32)),)),
    ],
)
def test_what_is_malformed_is_refused(tmp_path: Path, ask: AskMessage) -> None:
    """Whoever asks may be anybody who got at the API's socket."""
    answer = Scene(tmp_path).daemon.answer(AskerRole.API, ask)

    assert answer == RefusedAnswer(refused=Refusal.MALFORMED)


def test_what_is_the_same_is_said_to_be_and_else_only_a_settled_difference_shuts(
    tmp_path: Path,
) -> None:
    """The catalog is read a moment before: a run may have gone on since."""
    scene = Scene(tmp_path)
    gone = adopted(scene)
    destroy(scene, gone)
    digest = digest_of(gone.header.recording)
    own = SetHash().with_all([digest])
    told = []
    for catalog, under_way, is_settled in (
        (own, (), False),
        (SetHash(), (digest,), False),
        (SetHash(), (), False),
        (SetHash(), (), True),
        (own, (), True),
    ):
        ask = CompareDestroyed(
            recordings=catalog.members,
            total=catalog.total,
            under_way=under_way,
            is_settled=is_settled,
        )
        answer = scene.daemon.answer(AskerRole.API, ask)
        assert isinstance(answer, ComparedAnswer)
        told.append((answer.is_same, answer.gate.shut))

    assert told == [(True, ""), (True, ""), (False, ""), (False, "catalog"), (True, "")]


def test_all_that_it_destroyed_is_listed_once_in_order(tmp_path: Path) -> None:
    """A catalog that is older is completed from it."""
    scene = Scene(tmp_path)
    gone = [adopted(scene) for _ in range(3)]
    for each in gone:
        destroy(scene, each)
    answer = scene.daemon.answer(AskerRole.API, ListDestroyed(behind=b""))
    assert isinstance(answer, DestroyedListAnswer)
    digests = [each.digest for each in answer.rows]

    assert digests == sorted(digest_of(each.header.recording) for each in gone)
    rest = scene.daemon.answer(AskerRole.API, ListDestroyed(behind=digests[-1]))
    assert rest == DestroyedListAnswer(rows=())
