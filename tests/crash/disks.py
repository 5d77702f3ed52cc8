"""A file system for each folder of a Rokuon, and what befalls disks: slow, full, read-only, gone.

Each is an ext4 image on a loop device, so that a fault is the kernel's own. As root. Knows
nothing of calls.
"""

import errno
import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from shutil import which
from typing import Final

import pytest

IMAGE_BYTES: Final = 96 << 20
# Filling leaves no block, whatever is removed meanwhile.
_FILLER: Final = "filler"
_CHUNK: Final = bytes(1 << 16)
# include/uapi/linux/ext4.h: the file system answers EIO from now on, and writes nothing more.
_EXT4_IOC_SHUTDOWN: Final = 0x8004587D
_WITHOUT_LOG: Final = 2


needs_disks: Final = pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/dev/loop-control").exists() or which("mkfs.ext4") is None,
    reason="needs root, loop devices and ext4",
)


class Fault(StrEnum):
    """What befalls a disk."""

    SLOW = "slow"
    FULL = "full"
    READ_ONLY = "read-only"
    GONE = "gone"


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@dataclass(slots=True)
class Volume:
    """A file system mounted at `folder`; one that is mended is mounted over the broken one."""

    folder: Path
    image: Path
    is_frozen: bool = False
    _devices: list[str] = field(default_factory=list)
    _images: list[Path] = field(default_factory=list)

    def make(self) -> None:
        """Make it, empty, and mount it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.image.open("wb") as image:
            image.truncate(IMAGE_BYTES)
        _run("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0", str(self.image))
        self._mount(self.image)

    def _mount(self, image: Path) -> None:
        device = _run("losetup", "--find", "--show", str(image))
        self._devices.append(device)
        self._images.append(image)
        _run("mount", "-o", "errors=remount-ro", device, str(self.folder))

    def break_by(self, fault: Fault) -> None:
        """From now on, until `mend`."""
        match fault:
            case Fault.SLOW:
                _run("fsfreeze", "--freeze", str(self.folder))
                self.is_frozen = True
            case Fault.FULL:
                self._fill()
            case Fault.READ_ONLY:
                name = Path(self._devices[-1]).name
                Path(f"/sys/fs/ext4/{name}/trigger_fs_error").write_text("a disk that fails")
            case Fault.GONE:
                self._shut_down()

    def mend(self, fault: Fault) -> None:
        """As an administrator does: room, or the same file system mounted anew."""
        match fault:
            case Fault.SLOW:
                self._thaw()
            case Fault.FULL:
                (self.folder / _FILLER).unlink()
            case Fault.READ_ONLY | Fault.GONE:
                self._mount(self._as_it_is())

    def _fill(self) -> None:
        """With what room there is, to the last byte."""
        with (self.folder / _FILLER).open("wb", buffering=0) as filler:
            for size in (len(_CHUNK), 4_096, 1):
                while _is_written(filler.fileno(), size):
                    pass

    def _as_it_is(self) -> Path:
        """A copy: what the broken file system still writes must not be written over its next."""
        copy = self.image.with_name(f"{self.image.name}.{len(self._devices)}")
        _run("cp", "--sparse=always", str(self._images[-1]), str(copy))
        return copy

    def _thaw(self) -> None:
        _run("fsfreeze", "--unfreeze", str(self.folder))
        self.is_frozen = False

    def _shut_down(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(descriptor, _EXT4_IOC_SHUTDOWN, struct.pack("I", _WITHOUT_LOG))
        finally:
            os.close(descriptor)

    def remove(self) -> None:
        """Unmount whatever is mounted there; whoever hangs goes on first."""
        if self.is_frozen:
            self._thaw()
        for device in self._devices:
            subprocess.run(("umount", "--lazy", str(self.folder)), check=False)
            subprocess.run(("losetup", "--detach", device), check=False)


def _is_written(descriptor: int, size: int) -> bool:
    try:
        return os.write(descriptor, _CHUNK[:size]) > 0
    except OSError as failed:
        if failed.errno != errno.ENOSPC:
            raise
        return False


@contextmanager
def volumes(data: Path, names: Sequence[str], images: Path) -> Iterator[dict[str, Volume]]:
    """A file system for each of these folders of a data folder."""
    made: dict[str, Volume] = {}
    try:
        for name in names:
            made[name] = Volume(data / name, images / f"{name}.img")
            made[name].make()
        yield made
    finally:
        for volume in made.values():
            volume.remove()
