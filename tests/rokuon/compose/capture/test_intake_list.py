"""Capture takes a new list of intake keys while it runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.keys.client.epoch_client import EpochClient
from rokuon.compose.archive.key_daemon import keys_config, open_keys
from rokuon.compose.capture.node_identity import INTAKE_LIST_NAME, IntakeKeyNow
from rokuon.compose.start.embedded import hand_over_lists
from tests.rokuon.installation import Installation, installation


@pytest.fixture(scope="module")
def turned() -> Iterator[tuple[Installation, Path]]:
    """After a turn; capture still has the list of before, of which there is a copy."""
    with installation() as site:
        former = site.folder / "former"
        shutil.copytree(site.config.capture_path, former)
        client = open_keys(site.config, "api")
        asked = EpochClient(client)
        asked.turn()
        while asked.epochs().epochs[0].number < 2 or asked.epochs().turn is not None:
            pass
        client.close()
        yield site, former


def test_a_new_list_is_taken_with_the_next_part(turned: tuple[Installation, Path]) -> None:
    """A node that seals to the old key for ever would hold its epoch back for ever."""
    site, former = turned
    now = IntakeKeyNow.of(former)
    before = now()
    hand_over_lists(site.config, keys_config(site.config))
    for name in (INTAKE_LIST_NAME, "signing.pub"):
        shutil.copy(site.config.capture_path / name, former / name)

    assert now().id != before.id


def test_a_list_that_does_not_verify_changes_nothing(
    turned: tuple[Installation, Path], tmp_path: Path
) -> None:
    """Whoever can write to the folder cannot have calls sealed to a key of his own."""
    site, _ = turned
    folder = tmp_path / "capture"
    shutil.copytree(site.config.capture_path, folder)
    now = IntakeKeyNow.of(folder)
    before = now()
    listed = (folder / INTAKE_LIST_NAME).read_bytes()
    (folder / INTAKE_LIST_NAME).write_bytes(listed.replace(b'"created_us":', b'"created_us":1'))
    assert now() == before
    (folder / INTAKE_LIST_NAME).unlink()

    assert now() == before
