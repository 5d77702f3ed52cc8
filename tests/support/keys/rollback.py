"""What tests of rollback share."""

from archive.keys.store.schema import open_database, transaction
from archive.keys.wire.protocol import Adopt, AskerRole
from archive.lifecycle.tombstone import digest_of
from tests.archive.keys.scene import FirstBlocks, Scene


def work_all(scene: Scene) -> None:
    while (job := scene.daemon.work.next_job()) is not None:
        job.run()


def adopted(scene: Scene) -> FirstBlocks:
    blocks = scene.node.first_blocks()
    scene.daemon.answer(AskerRole.KEEPER, Adopt(page=blocks.page, header=blocks.block))
    return blocks


def destroy(scene: Scene, blocks: FirstBlocks) -> None:
    """As the guard does, with what it remembers of it."""
    connection = open_database(scene.config.keystore)
    own = blocks.header
    with transaction(connection):
        connection.execute("DELETE FROM data_key WHERE recording = ?", (own.recording.raw,))
        connection.execute(
            "INSERT INTO destroyed VALUES (?, ?, 1, zeroblob(16))",
            (own.key.raw, digest_of(own.recording)),
        )
    connection.close()
    work_all(scene)
