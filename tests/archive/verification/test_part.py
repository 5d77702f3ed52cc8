"""One part held against its row."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalog.index.filed import FiledPart
from archive.catalog.index.part_values import part_values
from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.errors import KeyRefused
from archive.ids import KeyId
from archive.keys.errors import Refusal
from archive.keys.store.nodes import NodeKeys
from archive.verification.faults import Fault
from archive.verification.part import PartVerifier
from archive.verification.signatures import Signers
from tests.archive.keeper.scene import KeeperScene


def verifier(folder: Path, word: Refusal) -> PartVerifier:
    """One to whom the key daemon says no."""

    def refuse(_key: KeyId) -> bytearray:
        raise KeyRefused(word)

    return PartVerifier(
        LocalStore(folder, LocalDisk()),
        Signers(NodeKeys(folder), folder / "daemon"),
        refuse,
    )


@pytest.fixture
def filed(tmp_path: Path) -> FiledPart:
    """A part that the keeper archived, as its row has it."""
    scene = KeeperScene(tmp_path)
    part = scene.part().speak().hang_up()
    scene.keeper().round(1)
    (adoption,) = scene.register.rows.values()
    return FiledPart(part.header.part_name, adoption.node, adoption.last_us, part_values(adoption))


def test_a_key_that_is_gone_is_a_finding(tmp_path: Path, filed: FiledPart) -> None:
    """The others are read on."""
    found = verifier(tmp_path / "archive", Refusal.KEY_DESTROYED).check(filed)

    assert [each.fault for each in found.findings] == [Fault.KEY_GONE]
    assert found.signed is None


def test_a_daemon_that_lets_nobody_ask_ends_the_verification(
    tmp_path: Path, filed: FiledPart
) -> None:
    """Nothing was read, so nothing is said to be whole or damaged."""
    with pytest.raises(KeyRefused):
        verifier(tmp_path / "archive", Refusal.NOT_PERMITTED).check(filed)


def test_a_path_that_leads_out_of_the_archive_is_not_followed(
    tmp_path: Path, filed: FiledPart
) -> None:
    """A row is no reason to read another file."""
    away = replace(filed, values={**filed.values, "path": "../keys/keystore.db"})

    found = verifier(tmp_path / "archive", Refusal.KEY_UNKNOWN).check(away)

    assert [each.fault for each in found.findings] == [Fault.FILE_MISSING]
