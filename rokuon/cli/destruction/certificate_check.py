"""`rokuon verify FILE…`: a certificate of destruction and what lies beside it, checked offline.

Knows nothing of how a certificate is made, nor of any catalog.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, Row, show_rows, show_value
from rokuon.cli.terminal.session import config_of
from rokuon.messages.i18n import language, tr, words_in

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCheck:
    """What is checked: files, by which fingerprint, by whose vouching for time stamps."""

    files: Sequence[Path]
    fingerprint: str
    authorities: Path | None


def check(context: typer.Context, asked: CertificateCheck, output: Output) -> None:
    """Say what is right, wrong and not checked; exit 3 where something is wrong."""
    from api.words.certificate_words import certificate_lines
    from retention.certificates.inspection import NamedFile, Trust, inspect

    trust = Trust(asked.fingerprint or own_fingerprint(context), _authorities(asked.authorities))
    found = inspect([NamedFile(str(each), each.read_bytes()) for each in asked.files], trust)
    told = found.certificate and certificate_lines(found.certificate, words_in, language())
    rows: list[Row] = [
        {
            "checked": each.subject.value,
            "verdict": each.verdict.value,
            "file": each.file,
            "detail": each.detail,
            "need": each.need.value if each.need else "",
        }
        for each in found.found
    ]
    if output is Output.JSON:
        show_value({"right": found.is_right, "found": rows}, output)
    else:
        for line in told or ():
            print(line)
        show_rows(rows, _titles(), output)
    if not found.is_right:
        raise typer.Exit(Exit.FINDINGS)


def own_fingerprint(context: typer.Context) -> str:
    """Of this installation's key, where this is one and may be read; "" elsewhere."""
    from archive.certificates.signed_note import SigningPublicKey
    from rokuon.compose.archive.key_daemon import keys_config

    try:
        text = keys_config(config_of(context)).signing_public.read_text("ascii")
    except (FileNotFoundError, PermissionError):
        return ""
    return SigningPublicKey(bytes.fromhex(text)).fingerprint


def _authorities(file: Path | None) -> tuple["Authority", ...]:
    from cryptography import x509

    return tuple(x509.load_pem_x509_certificates(file.read_bytes())) if file else ()


def _titles() -> dict[str, str]:
    return {
        "checked": tr("checked"),
        "verdict": tr("result"),
        "detail": tr("detail"),
        "need": tr("needs"),
        "file": tr("file"),
    }
