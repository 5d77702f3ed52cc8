"""The address by which the first person signs in: at a terminal, else in a file for its owner.

Knows nothing of what the page there asks.
"""

import sys
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from api.sign_in.first_administrator import make_first_code, make_welcome_code
from archive.catalog.accounts.sign_in_codes import end_start_codes
from archive.catalog.database.engine import writing
from archive.catalog.journal.authors import Author
from archive.disk.files import LocalDisk, publish
from rokuon.compose.api.row_seals import sealed_catalog
from rokuon.compose.archive.catalog import local_access
from rokuon.config.schema import Config, HttpSettings
from rokuon.messages.choices import FirstStart
from rokuon.messages.i18n import tr

CODE_FILE: Final = "first-code"
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wording:
    """What is said of an address that is shown, and of one that lies in a file."""

    shown: str
    kept: str


def first_address(config: Config, first: FirstStart) -> str:
    """What is said of the address by which the first user, or the first administrator, signs in:
    it at a terminal, else where it is kept; "" where nobody needs one. It is new each time.

    The code of an earlier start is worth nothing from now on, and its file is removed where none is
    wanted any more.
    """
    author, file = Author(access=local_access()), config.node.data / CODE_FILE
    wording = _to_sign_in()
    with sealed_catalog(config) as engine, writing(engine) as connection:
        end_start_codes(connection, author.access.at_us)
        code = make_welcome_code(connection, author) if first is FirstStart.WELCOME else ""
        if not code:
            code, wording = make_first_code(connection, author), _of_the_first_administrator()
    if not code or sys.stdout.isatty():
        file.unlink(missing_ok=True)
    if not code:
        return ""
    address = f"{origin_of(config.http)}/welcome?code={code}"
    if sys.stdout.isatty():
        return wording.shown.format(address=address)
    # What catches our standard output may be a log; there a code has no place.
    publish(LocalDisk(), file, [address.encode() + b"\n"], _OWNER_ONLY)
    return wording.kept.format(file=file)


def origin_of(http: HttpSettings) -> str:
    """Where a browser on this machine finds the pages."""
    address = ip_address(http.bind)
    if address.is_unspecified:
        address = ip_address("127.0.0.1" if address.version == 4 else "::1")  # noqa: PLR2004
    host = str(address) if address.version == 4 else f"[{address}]"  # noqa: PLR2004
    if http.certificate is None:
        return f"http://{host}:{http.port}"
    # A certificate names hosts, seldom addresses.
    return f"https://{http.hosts[0] if http.hosts else host}:{http.port}"


def _to_sign_in() -> _Wording:
    return _Wording(
        shown=tr("Open this address to sign in; it is good once: {address}"),
        kept=tr("The address to sign in is in {file}, readable by you alone"),
    )


def _of_the_first_administrator() -> _Wording:
    return _Wording(
        shown=tr(
            "First administrator: open this address, it is good once and for a day: {address}"
        ),
        kept=tr("The address for the first administrator is in {file}, readable by you alone"),
    )
