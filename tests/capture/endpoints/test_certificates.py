"""TLS contexts from the files that a configuration names."""

import ssl
from pathlib import Path

import pytest

from capture.endpoints.certificates import CertificatesUnusable, TlsFiles, server_context
from tests.capture.endpoints.papers import Authority


def test_old_tls_is_not_spoken(tmp_path: Path) -> None:
    """RFC 7866 §12: 1.2 at least."""
    authority = Authority(tmp_path)

    assert server_context(authority.files("srs")).minimum_version is ssl.TLSVersion.TLSv1_2


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    """Which of them, and why; not a stack trace at four in the morning."""
    good = Authority(tmp_path).files("srs")
    for broken in (
        TlsFiles(certificate=tmp_path / "missing.pem", key=good.key),
        TlsFiles(certificate=good.certificate, key=good.certificate),
        TlsFiles(certificate=good.certificate, key=good.key, authorities=good.key),
    ):
        with pytest.raises(CertificatesUnusable, match=str(tmp_path)):
            server_context(broken)
