"""A disk whose power can be cut: what the device has at that moment, and nothing of the page cache.

An ext4 image in a file on btrfs, both mounted by a loop device. A clone of the image's blocks
(`FICLONE`, one operation of the kernel) is the disk as it would be found after the power went:
what ext4 had not handed to its device is gone. Orders of writes within a device's own cache are
not tried. As root; knows nothing of Rokuon.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Sparse: on the disk below lies only what was written.
HOST_BYTES: Final = 8 << 30
DISK_BYTES: Final = 2 << 30
PROGRAMS: Final = ("mkfs.btrfs", "mkfs.ext4", "mount", "umount")


def why_not() -> str:
    """What keeps this machine from it; "" where nothing does."""
    if os.geteuid() != 0:
        return "only root mounts an image"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    kinds = Path("/proc/filesystems").read_text().split()
    missing += [kind for kind in ("btrfs", "ext4") if kind not in kinds]
    if missing:
        return f"not here: {', '.join(missing)}"
    return "" if Path("/dev/loop-control").exists() else "no loop devices here"


def _run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=120)


@dataclass(slots=True)
class Disk:
    """`root`: where the disk is mounted, always at the same place. `cuts`: images of moments."""

    host: Path
    root: Path
    cuts: int = 0

    @property
    def image(self) -> Path:
        """The disk that is written to."""
        return self.host / "disk.img"

    def cut(self) -> Path:
        """The disk as it is now, were the power gone; what is mounted goes on."""
        self.cuts += 1
        then = self.host / f"cut-{self.cuts}.img"
        _run("cp", "--reflink=always", self.image, then)
        return then

    def mount(self, image: Path) -> None:
        """Put an image where the disk was; ext4 plays its journal back."""
        _run("mount", "-o", "loop", image, self.root)

    def unmount(self) -> None:
        """Take away what is mounted; this process may have the catalog open."""
        _run("umount", "--lazy", self.root)

    def forget(self, image: Path) -> None:
        """An image is no longer needed."""
        image.unlink()


@contextmanager
def disk_in(folder: Path) -> Iterator[Disk]:
    """A disk of its own, mounted; unmounted and removed at the end."""
    host, root = folder / "host", folder / "disk"
    host.mkdir()
    root.mkdir()
    below = folder / "host.img"
    with below.open("wb") as file:
        file.truncate(HOST_BYTES)
    _run("mkfs.btrfs", "-q", below)
    _run("mount", "-o", "loop", below, host)
    try:
        disk = Disk(host, root)
        with disk.image.open("wb") as file:
            file.truncate(DISK_BYTES)
        _run("mkfs.ext4", "-q", disk.image)
        disk.mount(disk.image)
        try:
            yield disk
        finally:
            if os.path.ismount(root):
                disk.unmount()
    finally:
        _run("umount", "--lazy", host)
        below.unlink()
