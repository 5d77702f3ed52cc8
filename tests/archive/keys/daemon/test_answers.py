"""What the key daemon answers to whom."""

import secrets
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.access.opening_text import text_digest
from archive.format.end import RECOVERED, End
from archive.format.intake import generate_intake_key
from archive.ids import IntakeKeyId, NodeId
from archive.keys.errors import Refusal
from archive.keys.store.schema import open_database
from archive.keys.wire.message import AnswerMessage, Question
from archive.keys.wire.opening_messages import DataKeyAnswer, ListOpenings, Open, OpeningsAnswer
from archive.keys.wire.protocol import (
    QUESTIONS,
    Adopt,
    Answer,
    AskerRole,
    Confirm,
    KeyStateAnswer,
    MarkArchived,
    OpenUnarchived,
    RefusedAnswer,
    SignatureAnswer,
    SignEnd,
    Status,
    StatusAnswer,
)
from tests.archive.keys.entries import entry_text, open_ask
from tests.archive.keys.scene import NOW_US, FirstBlocks, Scene, destroy_key, some_header


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def adopt(scene: Scene, blocks: FirstBlocks) -> Answer:
    return scene.daemon.answer(AskerRole.KEEPER, Adopt(page=blocks.page, header=blocks.block))


def test_a_part_is_adopted_opened_confirmed_and_closed_to_the_keeper(scene: Scene) -> None:
    """The whole way of a key past the keeper."""
    blocks = scene.node.first_blocks()
    key_id = blocks.header.key.raw
    keeper = AskerRole.KEEPER

    assert adopt(scene, blocks) == KeyStateAnswer(key_id=key_id, state="live")
    assert scene.daemon.answer(keeper, OpenUnarchived(key_id=key_id)) == DataKeyAnswer(
        data_key=bytearray(blocks.data_key)
    )
    assert scene.daemon.answer(keeper, Confirm(key_id=key_id)) == KeyStateAnswer(
        key_id=key_id, state="adopted"
    )
    scene.daemon.answer(keeper, MarkArchived(key_id=key_id))
    assert scene.daemon.answer(keeper, OpenUnarchived(key_id=key_id)) == RefusedAnswer(
        refused=Refusal.ALREADY_ARCHIVED
    )


def test_a_confirmed_part_opens_until_the_catalog_has_it(scene: Scene) -> None:
    """Killed between K4 and K5, the keeper must read the part again to write its row."""
    blocks = scene.node.first_blocks()
    adopt(scene, blocks)
    scene.daemon.answer(AskerRole.KEEPER, Confirm(key_id=blocks.header.key.raw))

    opened = scene.daemon.answer(AskerRole.KEEPER, OpenUnarchived(key_id=blocks.header.key.raw))
    assert isinstance(opened, DataKeyAnswer)


def test_adopting_again_answers_the_state_of_the_first_time(scene: Scene) -> None:
    """Also after a restart of the daemon."""
    blocks = scene.node.first_blocks()
    adopt(scene, blocks)
    scene.daemon.answer(AskerRole.KEEPER, Confirm(key_id=blocks.header.key.raw))
    scene.restart()

    assert adopt(scene, blocks) == KeyStateAnswer(key_id=blocks.header.key.raw, state="adopted")


def test_the_end_of_a_part_is_signed_for_the_keeper_until_it_is_archived(scene: Scene) -> None:
    """Who has every data key, but not this socket, cannot rewrite a part and have it signed."""
    blocks = scene.node.first_blocks()
    adopt(scene, blocks)
    own, end = blocks.header.key.raw, End(reason=RECOVERED, segments=1, packets={})
    ask = SignEnd(key_id=own, header_tag=bytes(32), end=end.encode_as_it_is())

    answer = scene.daemon.answer(AskerRole.KEEPER, ask)
    by_a_node = msgspec.structs.replace(end, reason="bye").encode_as_it_is()
    wrong = [
        msgspec.structs.replace(ask, end=by_a_node),
        msgspec.structs.replace(ask, end=b"{}"),
        msgspec.structs.replace(ask, header_tag=b""),
    ]
    refused = [scene.daemon.answer(AskerRole.KEEPER, each) for each in wrong]
    scene.daemon.answer(AskerRole.KEEPER, Confirm(key_id=own))
    scene.daemon.answer(AskerRole.KEEPER, MarkArchived(key_id=own))

    assert isinstance(answer, SignatureAnswer)
    public = bytes.fromhex(scene.config.signing_public.read_text())
    signed = msgspec.structs.replace(end, signature=answer.signature)
    signed.verify(bytes(32), Ed25519PublicKey.from_public_bytes(public))
    assert refused == [RefusedAnswer(refused=Refusal.MALFORMED)] * len(wrong)
    assert scene.daemon.answer(AskerRole.KEEPER, ask) == RefusedAnswer(
        refused=Refusal.ALREADY_ARCHIVED
    )
    assert scene.daemon.answer(AskerRole.API, ask) == RefusedAnswer(refused=Refusal.NOT_PERMITTED)


@pytest.mark.parametrize("kind", QUESTIONS, ids=lambda kind: kind.__name__)
def test_each_question_is_refused_at_a_socket_that_its_class_does_not_name(
    scene: Scene, kind: type[Question[AnswerMessage]]
) -> None:
    """By its class alone: nothing of what it says is looked at."""
    ask = kind(**dict.fromkeys(kind.__struct_fields__))
    not_permitted = RefusedAnswer(refused=Refusal.NOT_PERMITTED)

    for role in {*AskerRole} - kind.asked_by:
        assert scene.daemon.answer(role, ask) == not_permitted


def test_each_question_of_the_wire_has_a_row_and_an_asker(scene: Scene) -> None:
    """One that nobody may ask, or that nobody answers, is none."""
    assert scene.daemon.table.keys() == {*QUESTIONS}
    assert all(kind.asked_by for kind in QUESTIONS)


def test_each_socket_may_ask_only_its_own(scene: Scene) -> None:
    """The API cannot adopt, the keeper cannot open what is archived."""
    blocks = scene.node.first_blocks()
    adopt(scene, blocks)
    key_id = blocks.header.key.raw
    not_permitted = RefusedAnswer(refused=Refusal.NOT_PERMITTED)

    opening = open_ask(blocks.header.key, blocks.header.recording, NOW_US)
    for keepers in (opening, ListOpenings(after=0)):
        assert scene.daemon.answer(AskerRole.KEEPER, keepers) == not_permitted
    for ask in (
        Adopt(page=blocks.page, header=blocks.block),
        OpenUnarchived(key_id=key_id),
        Confirm(key_id=key_id),
        MarkArchived(key_id=key_id),
    ):
        assert scene.daemon.answer(AskerRole.API, ask) == not_permitted


def test_a_key_is_opened_under_an_entry_of_the_journal_that_is_noted(scene: Scene) -> None:
    """Openings can be compared with the journal, one by one."""
    blocks = scene.node.first_blocks()
    adopt(scene, blocks)
    text = entry_text(blocks.header.recording, at_us=NOW_US, action="listened")

    answer = scene.daemon.answer(AskerRole.API, Open(key_id=blocks.header.key.raw, entry=text))
    listed = scene.daemon.answer(AskerRole.API, ListOpenings(after=0))
    assert answer == DataKeyAnswer(data_key=bytearray(blocks.data_key))
    assert isinstance(listed, OpeningsAnswer)
    (row,) = listed.rows
    assert (row.digest, row.act, row.at_us, row.keys) == (text_digest(text), "listened", NOW_US, 1)


def test_without_an_entry_nothing_is_opened_and_nothing_noted(scene: Scene) -> None:
    """The number of a row is none: 999999999 opened every key once."""
    blocks = scene.node.first_blocks()
    adopt(scene, blocks)
    ask = Open(key_id=blocks.header.key.raw, entry=b"999999999")

    assert scene.daemon.answer(AskerRole.API, ask) == RefusedAnswer(refused=Refusal.ENTRY_MALFORMED)
    listed = scene.daemon.answer(AskerRole.API, ListOpenings(after=0))
    assert listed == OpeningsAnswer(rows=(), last=0)


def test_a_page_that_the_node_did_not_sign_is_refused(scene: Scene) -> None:
    """Who can write to the spool cannot forge: flip a bit, or sign with another node's key."""
    blocks = scene.node.first_blocks()
    flipped = bytearray(blocks.page)
    flipped[100] ^= 1
    forger = replace(scene.node, signing=scene.new_node().signing).first_blocks()

    for page, block in ((bytes(flipped), blocks.block), (forger.page, forger.block)):
        answer = scene.daemon.answer(AskerRole.KEEPER, Adopt(page=page, header=block))
        assert answer == RefusedAnswer(refused=Refusal.SIGNATURE_WRONG)


def test_a_page_in_front_of_another_header_is_refused(scene: Scene) -> None:
    """The signature and the sealing cover the header block as well."""
    ours, other = scene.node.first_blocks(), scene.node.first_blocks()
    answer = scene.daemon.answer(AskerRole.KEEPER, Adopt(page=ours.page, header=other.block))

    assert answer == RefusedAnswer(refused=Refusal.SIGNATURE_WRONG)


def test_a_node_that_is_not_on_file_is_refused(scene: Scene) -> None:
    """A new node has to be made known before its parts are believed."""
    stranger = replace(scene.node, id=NodeId(secrets.token_bytes(16)))

    assert adopt(scene, stranger.first_blocks()) == RefusedAnswer(refused=Refusal.NODE_UNKNOWN)


def test_a_page_sealed_to_a_strange_key_is_refused(scene: Scene) -> None:
    """Another system's list of intake keys on our node: alarm at once, nothing deleted."""
    other = generate_intake_key(IntakeKeyId(secrets.token_bytes(16))).public_key()
    same_id = replace(other, id=scene.node.intake_key.id)

    assert adopt(scene, scene.node.sealing_to(other).first_blocks()) == RefusedAnswer(
        refused=Refusal.INTAKE_KEY_UNKNOWN
    )
    assert adopt(scene, scene.node.sealing_to(same_id).first_blocks()) == RefusedAnswer(
        refused=Refusal.PAGE_DAMAGED
    )


@pytest.mark.parametrize("size", [0, 1, 4095, 4097])
def test_blocks_of_another_size_are_refused(scene: Scene, size: int) -> None:
    """A cut page is damage, not a crash of the daemon."""
    blocks = scene.node.first_blocks()
    damaged = RefusedAnswer(refused=Refusal.PAGE_DAMAGED)

    for ask in (
        Adopt(page=bytes(size), header=blocks.block),
        Adopt(page=blocks.page, header=bytes(size)),
    ):
        assert scene.daemon.answer(AskerRole.KEEPER, ask) == damaged


def test_a_data_key_that_does_not_fit_the_header_is_not_stored(scene: Scene) -> None:
    """The header tag commits to the key; the wrong one would archive an unreadable part."""
    from archive.format.floe import FloeMessage
    from archive.format.header import block_bytes
    from archive.format.intake import seal_page

    header = some_header(scene.node.id)
    message = FloeMessage.create(secrets.token_bytes(32), bytes(32), header.encode_aad())
    block = block_bytes(header, message.header)
    page = seal_page(
        secrets.token_bytes(32),
        block,
        to=scene.node.intake_key,
        node=scene.node.id,
        sign=scene.node.signing.sign,
    )

    answer = scene.daemon.answer(AskerRole.KEEPER, Adopt(page=page, header=block))
    assert answer == RefusedAnswer(refused=Refusal.PAGE_DAMAGED)
    assert scene.daemon.answer(AskerRole.KEEPER, Status()) == StatusAnswer(
        epoch=1, live=0, adopted=0, destroyed=0, oldest_live_us=0
    )


def test_a_destroyed_key_is_refused_to_everybody(scene: Scene) -> None:
    """The one answer that must never change again."""
    blocks = scene.node.first_blocks()
    adopt(scene, blocks)
    destroy_key(open_database(scene.config.keystore), blocks.header.key)
    destroyed = RefusedAnswer(refused=Refusal.KEY_DESTROYED)

    assert adopt(scene, blocks) == destroyed
    ask = open_ask(blocks.header.key, blocks.header.recording, NOW_US)
    assert scene.daemon.answer(AskerRole.API, ask) == destroyed
    unarchived = OpenUnarchived(key_id=blocks.header.key.raw)
    assert scene.daemon.answer(AskerRole.KEEPER, unarchived) == destroyed


def test_ids_of_another_length_are_malformed(scene: Scene) -> None:
    """An id is 16 bytes; the assertion of its type must not be a peer's to trip."""
    assert scene.daemon.answer(AskerRole.KEEPER, Confirm(key_id=b"short")) == RefusedAnswer(
        refused=Refusal.MALFORMED
    )


def test_a_keystore_that_cannot_be_written_is_unavailable_not_refused(scene: Scene) -> None:
    """A full disk passes: the keeper tries again instead of raising an alarm for each part."""
    blocks = scene.node.first_blocks()
    connection = open_database(scene.config.keystore)
    connection.execute("DROP TABLE shard")

    assert adopt(scene, blocks) == RefusedAnswer(refused=Refusal.KEYS_UNAVAILABLE)


def test_a_disk_that_does_not_answer_is_a_refusal_that_passes(scene: Scene) -> None:
    """The daemon ended with it, and its start failed until the disk was mended."""
    blocks = scene.node.first_blocks()
    (file,) = scene.config.nodes.iterdir()
    content = file.read_bytes()
    file.unlink()
    file.mkdir()
    refused = adopt(scene, blocks)
    file.rmdir()
    file.write_bytes(content)

    assert refused == RefusedAnswer(refused=Refusal.KEYS_UNAVAILABLE)
    assert isinstance(adopt(scene, blocks), KeyStateAnswer)
