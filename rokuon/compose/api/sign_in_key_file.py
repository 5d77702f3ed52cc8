"""The file of the key of signing in: made once, for the part `api` alone.

Knows nothing of what the key seals.
"""

import secrets
from pathlib import Path
from typing import Final

from api.sign_in.sign_in_key import KEY_BYTES
from archive.disk.files import LocalDisk, publish
from rokuon.messages.errors import IdentityRefused
from rokuon.messages.i18n import tr

_OWNER_ONLY_FOLDER: Final = 0o700
_OWNER_ONLY_FILE: Final = 0o600
_OTHERS: Final = 0o077


def ensure_sign_in_key(file: Path) -> bytes:
    """Read the key, or make it once. Raises `IdentityRefused`."""
    if not file.exists():
        file.parent.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        publish(LocalDisk(), file, [secrets.token_bytes(KEY_BYTES)], _OWNER_ONLY_FILE)
    if file.stat().st_mode & _OTHERS:
        raise IdentityRefused(tr("{file}: others can read it; chmod 600").format(file=file))
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise IdentityRefused(tr("{file}: it is damaged").format(file=file))
    return key
