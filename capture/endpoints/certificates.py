"""The TLS contexts of a node, from the files that the configuration names.

Reads files; knows no connection.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from capture.errors import CertificatesUnusable

ClientCertificate = Literal["none", "optional", "required"]
_VERIFY = {
    "none": ssl.CERT_NONE,
    "optional": ssl.CERT_OPTIONAL,
    "required": ssl.CERT_REQUIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Our certificate chain and key, and the authorities of clients' certificates (None: none)."""

    certificate: Path
    key: Path
    authorities: Path | None = None
    clients: ClientCertificate = "none"


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """For who connects to us: TLS 1.2 at least (RFC 7866 §12); raises `CertificatesUnusable`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _load(context, files)
    context.verify_mode = _VERIFY[files.clients]
    # Connections stay; a ticket for the next one is of no use, and some clients (SIPp 3.7) wait for
    # ever for a message behind it.
    context.num_tickets = 0
    return context


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """For whom we call back; verified where authorities are given. Raises as `server_context`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Peers are called back at the address of their Contact, which no certificate names.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if files.authorities else ssl.CERT_NONE
    _load(context, files)
    return context


def _reason(broken: OSError) -> str:
    """The word of OpenSSL, or the system's sentence without its number."""
    word = broken.reason if isinstance(broken, ssl.SSLError) else None
    return word or broken.strerror or str(broken)


def _load(context: ssl.SSLContext, files: TlsFiles) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.certificate, files.key)
    except (OSError, ssl.SSLError) as broken:
        raise CertificatesUnusable(
            f"{files.certificate}, {files.key}: {_reason(broken)}"
        ) from broken
    if files.authorities is not None:
        try:
            context.load_verify_locations(files.authorities)
        except (OSError, ssl.SSLError) as broken:
            raise CertificatesUnusable(f"{files.authorities}: {_reason(broken)}") from broken
