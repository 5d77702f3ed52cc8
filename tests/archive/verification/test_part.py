"""One part held against its row."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from archive.catalog.filed import FiledPart
from archive.catalog.part_values import part_values
from archive.disk import LocalDisk
from archive.errors import KeyRefused
from archive.ids import KeyId, began_us
from archive.keys.errors import Refusal
from archive.keys.nodes import NodeKeys
from archive.reading.mapfile import derive_map_key, open_map, seal_map
from archive.segments import FileSource, read_block
from archive.store import LocalStore
from archive.verification.faults import Fault
from archive.verification.part import PartVerifier
from archive.verification.signing import Signers
from tests.archive.keeper.scene import KeeperScene


def verifier(folder: Path, word: Refusal) -> PartVerifier:
    """One to whom the key daemon says no."""

    def refuse(_key: KeyId) -> bytearray:
        raise KeyRefused(word)

    return PartVerifier(
        LocalStore(folder, LocalDisk()),
        Signers(NodeKeys(folder), folder / "daemon", folder / "begin"),
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


def test_an_earlier_versions_map_is_counted_and_its_places_are_not_compared(
    tmp_path: Path,
) -> None:
    """It knew nothing of gaps; one that is younger than such maps are was put there."""
    scene = KeeperScene(tmp_path)
    part = scene.part().speak().hang_up()
    scene.keeper().round(1)
    (adoption,) = scene.register.rows.values()
    values = {**part_values(adoption), "gaps": None}
    filed = FiledPart(part.header.part_name, adoption.node, adoption.last_us, values)
    place, header = tmp_path / "archive" / adoption.map_path, part.header
    with FileSource(tmp_path / "archive" / adoption.path) as source:
        map_key = derive_map_key(part.data_key, read_block(source))
    made = open_map(place.read_bytes(), map_key, header)
    early = [msgspec.structs.replace(each, gaps=None, spans=()) for each in made.streams]
    place.chmod(0o600)
    place.write_bytes(
        seal_map(msgspec.structs.replace(made, streams=tuple(early)), map_key, header)
    )

    counted, youngest_us = {}, max(header.created_us, began_us(header.recording))
    for begin_us in (youngest_us + 1, youngest_us):
        (tmp_path / "begin").write_text(f"{begin_us}\n")
        signers = Signers(NodeKeys(tmp_path), tmp_path / "daemon", tmp_path / "begin")
        checked = PartVerifier(scene.store(), signers, lambda _: bytearray(part.data_key)).check(
            filed
        )
        told = [
            (each.fault, each.detail)
            for each in checked.findings
            if each.fault is not Fault.SIGNATURE_UNCHECKED  # nobody has its key here
        ]
        counted[begin_us] = (checked.has_early_map, told)

    assert counted == {
        youngest_us + 1: (True, []),
        youngest_us: (False, [(Fault.MAP_DIFFERS, "gaps")]),
    }
