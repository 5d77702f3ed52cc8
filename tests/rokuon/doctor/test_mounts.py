"""Whether a spool is on this machine's disk, by what the kernel says of its mounts."""

import os
from pathlib import Path

import pytest

from rokuon.doctor.storage import MOUNTS, network_kind


def mounted(folder: Path, kind: str) -> str:
    """A table in which the folder's file system is of a kind, behind another one."""
    device = folder.stat().st_dev
    here = f"{os.major(device)}:{os.minor(device)}"
    return (
        "22 1 0:1999 / /srv rw,relatime shared:1 - nfs4 files:/srv rw,vers=4.2\n"
        f"23 1 {here} / / rw,relatime - {kind} files:/spool rw,vers=4.2\n"
    )


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_spool_of_another_machine_is_named_by_its_kind(tmp_path: Path, kind: str) -> None:
    """Its locks are not seen here."""
    assert network_kind(tmp_path, mounted(tmp_path, kind)) == kind


@pytest.mark.parametrize("kind", ["ext4", "xfs", "tmpfs", "fuseblk"])
def test_another_mount_of_a_network_is_not_the_spools(tmp_path: Path, kind: str) -> None:
    """The archive may well be there."""
    assert network_kind(tmp_path, mounted(tmp_path, kind)) == ""


def test_the_kernels_own_table_can_be_read() -> None:
    """Each of its lines has a device and a kind; and this machine's /proc is no network's."""
    table = MOUNTS.read_text("utf-8", "replace")

    assert network_kind(Path("/proc"), table) == ""
    assert network_kind(Path("/proc"), table.replace(" - proc ", " - nfs4 ")) == "nfs4"
