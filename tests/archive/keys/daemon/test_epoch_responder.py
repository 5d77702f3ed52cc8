"""What the key daemon answers of epochs: over its real answer, role by role."""

from pathlib import Path

import pytest

from archive.backup.sealed import SetKind, SetLead
from archive.keys.daemon.answers import KeyDaemon
from archive.keys.daemon.assembly import service_of
from archive.keys.epochs.keystore_sets import new_set_key_bytes
from archive.keys.errors import Refusal
from archive.keys.wire.epoch_messages import (
    AskBackedUp,
    BackedUpAnswer,
    BackUpKeystore,
    EpochsAnswer,
    OpenSetKey,
    ReadEpochs,
    ReportSpool,
    SetKeyAnswer,
    TurnEpoch,
    WrapSetKey,
)
from archive.keys.wire.protocol import Adopt, AskerRole, RefusedAnswer
from tests.archive.keys.scene import NOW_US, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def epochs_of(daemon: KeyDaemon) -> EpochsAnswer:
    answer = daemon.answer(AskerRole.API, ReadEpochs())
    assert isinstance(answer, EpochsAnswer)
    return answer


def work_all(daemon: KeyDaemon) -> None:
    """What the workshop does with threads."""
    while (job := daemon.work.next_job()) is not None:
        job.run()


def test_a_turn_is_asked_for_and_seen_to_be_done(scene: Scene) -> None:
    """The one who asks does not wait: it looks how far it is."""
    scene.daemon.answer(AskerRole.API, TurnEpoch())
    assert epochs_of(scene.daemon).turn is not None
    work_all(scene.daemon)

    told = epochs_of(scene.daemon)
    assert told.turn is None
    assert [(each.number, each.state) for each in told.epochs] == [(2, "current"), (1, "past")]
    assert told.newest_set.epoch == 2
    assert told.gone_with == 2 + 30


def test_a_node_with_the_old_list_is_still_taken_in(scene: Scene) -> None:
    """Lists are copied by people; a call must not be lost for that."""
    scene.daemon.answer(AskerRole.API, TurnEpoch())
    work_all(scene.daemon)
    old = scene.node.first_blocks()

    adopt = Adopt(page=old.page, header=old.block)
    assert not isinstance(scene.daemon.answer(AskerRole.KEEPER, adopt), RefusedAnswer)
    assert scene.new_node().intake_key.id != scene.node.intake_key.id


def test_pages_may_go_once_a_verified_set_has_their_keys(scene: Scene) -> None:
    """Until then a page is the only other way to the key."""
    blocks = scene.node.first_blocks()
    scene.daemon.answer(AskerRole.KEEPER, Adopt(page=blocks.page, header=blocks.block))
    own = blocks.header
    ask = AskBackedUp(
        parts=((own.recording.raw, 0, 0), (own.recording.raw, 1, 0), (bytes(16), 0, 0))
    )
    before = scene.daemon.answer(AskerRole.KEEPER, ask)
    scene.daemon.answer(AskerRole.API, BackUpKeystore())
    work_all(scene.daemon)

    assert before == BackedUpAnswer(may_go=(False, False, False))
    assert scene.daemon.answer(AskerRole.KEEPER, ask) == BackedUpAnswer(may_go=(True, False, False))


def test_what_a_keeper_may_not_ask_and_what_an_api_may_not(scene: Scene) -> None:
    """A captured keeper turns no epoch; a captured API does not say that spools are empty."""
    refused = RefusedAnswer(refused=Refusal.NOT_PERMITTED)

    assert scene.daemon.answer(AskerRole.KEEPER, TurnEpoch()) == refused
    assert scene.daemon.answer(AskerRole.API, ReportSpool(sealed=())) == refused


def test_a_set_key_is_given_and_opened_again(scene: Scene) -> None:
    """The API seals its catalog sets under the epoch in force and can prove that they open."""
    made = scene.daemon.answer(AskerRole.API, WrapSetKey(made_us=NOW_US, size=7))
    assert isinstance(made, SetKeyAnswer)
    lead = SetLead(kind=SetKind.CATALOG, epoch=made.epoch, made_us=NOW_US, size=7).encode()

    again = scene.daemon.answer(AskerRole.API, OpenSetKey(lead=lead, wrapped=made.wrapped))
    assert isinstance(again, SetKeyAnswer)
    assert again.opened == made.opened


def test_the_key_of_a_keystore_set_is_given_to_nobody(scene: Scene) -> None:
    """It has every wrap; who asks for recordings one by one must not get them all."""
    lead = SetLead(kind=SetKind.KEYSTORE, epoch=1, made_us=NOW_US, size=7)
    _, wrapped = new_set_key_bytes(service_of(scene.config), lead)

    answer = scene.daemon.answer(AskerRole.API, OpenSetKey(lead=lead.encode(), wrapped=wrapped))
    assert answer == RefusedAnswer(refused=Refusal.NOT_PERMITTED)


def test_a_report_that_is_not_of_the_protocol_is_refused(scene: Scene) -> None:
    """Ids have sixteen bytes."""
    answer = scene.daemon.answer(AskerRole.KEEPER, ReportSpool(sealed=((b"short", 1),)))

    assert answer == RefusedAnswer(refused=Refusal.MALFORMED)
