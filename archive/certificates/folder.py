"""Where certificates lie: a folder for each run, with what belongs beside one.

Files are there whole or not at all. Knows nothing of what is in them, nor of the register.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from archive.disk.files import Disk, LocalDisk, make_folders, publish
from archive.ids import TenantId

CERTIFICATE: Final = "certificate.txt"
LIST: Final = "recordings.txt"
_STAMPS: Final = "time-stamp-*.tsr"
_FOLDER: Final = "certificates"
# Of a server's address, so that two of one host have two files.
_ADDRESS_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class CertificateFolder:
    """The certificates of an archive; everything raises `OSError`."""

    archive: Path
    disk: Disk = field(default_factory=LocalDisk)

    def of_run(self, tenant: TenantId, run: bytes) -> Path:
        """The folder of a run; it need not be there."""
        return self.archive / _FOLDER / str(tenant) / run.hex()

    def put(self, tenant: TenantId, run: bytes, certificate: bytes, listed: str) -> None:
        """Keep a certificate and the list of its recordings; what was there is replaced.

        The list comes first: where there is a certificate there is its list.
        """
        folder = self.of_run(tenant, run)
        make_folders(self.disk, self.archive, folder)
        publish(self.disk, folder / LIST, [listed.encode()])
        publish(self.disk, folder / CERTIFICATE, [certificate])

    def put_stamp(self, tenant: TenantId, run: bytes, server: str, answer: bytes) -> None:
        """Keep the answer of a server of time stamps, as it came."""
        publish(self.disk, self.of_run(tenant, run) / stamp_name(server), [answer])

    def has_stamp(self, tenant: TenantId, run: bytes, server: str) -> bool:
        return (self.of_run(tenant, run) / stamp_name(server)).exists()

    def read(self, tenant: TenantId, run: bytes, name: str) -> bytes:
        """One of the files that `names` has; raises `FileNotFoundError`."""
        if name not in self.names(tenant, run):
            raise FileNotFoundError(name)
        return (self.of_run(tenant, run) / name).read_bytes()

    def names(self, tenant: TenantId, run: bytes) -> tuple[str, ...]:
        """What there is of a run: certificate, list, time stamps."""
        folder = self.of_run(tenant, run)
        stamps = sorted(path.name for path in folder.glob(_STAMPS))
        return (*(name for name in (CERTIFICATE, LIST) if (folder / name).exists()), *stamps)


def stamp_name(server: str) -> str:
    """The file of a server's answer: `time-stamp-HOST-….tsr`."""
    address = hashlib.sha256(server.encode()).hexdigest()[:_ADDRESS_DIGITS]
    return f"time-stamp-{urlsplit(server).hostname}-{address}.tsr"
