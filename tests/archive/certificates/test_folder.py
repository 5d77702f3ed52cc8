"""Where certificates lie."""

from pathlib import Path

import pytest

from archive.certificates.folder import CERTIFICATE, LIST, CertificateFolder, stamp_name
from archive.disk.files import LocalDisk
from archive.ids import DEFAULT_TENANT
from tests.archive.certificates.examples import RUN

SERVER, OTHER = "https://stamps.example/a", "https://stamps.example/b"


class PowerCut(Exception):
    """The machine went off."""


class CuttingDisk(LocalDisk):
    """A disk whose power is cut before the `cut_at`-th operation that changes something."""

    def __init__(self, cut_at: int) -> None:
        self.left = cut_at

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise PowerCut

    def write(self, path: Path, chunks: object, mode: int) -> None:
        self._count()
        super().write(path, chunks, mode)  # type: ignore[arg-type]

    def rename(self, old: Path, new: Path) -> None:
        self._count()
        super().rename(old, new)


def test_what_belongs_together_lies_together(tmp_path: Path) -> None:
    """A folder can be given away as it is."""
    folder = CertificateFolder(tmp_path)
    folder.put(DEFAULT_TENANT, RUN, b"signed", "listed")
    for server in (SERVER, OTHER):
        assert not folder.has_stamp(DEFAULT_TENANT, RUN, server)
        folder.put_stamp(DEFAULT_TENANT, RUN, server, server.encode())
        assert folder.has_stamp(DEFAULT_TENANT, RUN, server)
    names = folder.names(DEFAULT_TENANT, RUN)

    assert names[:2] == (CERTIFICATE, LIST)
    assert set(names[2:]) == {stamp_name(SERVER), stamp_name(OTHER)}
    assert folder.read(DEFAULT_TENANT, RUN, CERTIFICATE) == b"signed"
    assert folder.read(DEFAULT_TENANT, RUN, stamp_name(OTHER)) == OTHER.encode()


@pytest.mark.parametrize("cut_at", range(4))
def test_where_there_is_a_certificate_there_is_its_list(tmp_path: Path, cut_at: int) -> None:
    """Whenever the power goes; then it is made again."""
    with pytest.raises(PowerCut):
        CertificateFolder(tmp_path, CuttingDisk(cut_at)).put(DEFAULT_TENANT, RUN, b"signed", "")
    after = CertificateFolder(tmp_path)

    assert CERTIFICATE not in after.names(DEFAULT_TENANT, RUN)
    after.put(DEFAULT_TENANT, RUN, b"again", "listed")
    assert after.names(DEFAULT_TENANT, RUN) == (CERTIFICATE, LIST)


@pytest.mark.parametrize("name", ["", "..", "../../keys/passphrase", "other.txt", "/etc/passwd"])
def test_no_other_file_is_read(tmp_path: Path, name: str) -> None:
    """A name comes from who asks over HTTP."""
    folder = CertificateFolder(tmp_path)
    folder.put(DEFAULT_TENANT, RUN, b"signed", "listed")
    (folder.of_run(DEFAULT_TENANT, RUN) / "other.txt").write_text("other")

    with pytest.raises(FileNotFoundError):
        folder.read(DEFAULT_TENANT, RUN, name)
