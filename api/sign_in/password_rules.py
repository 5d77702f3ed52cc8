"""Which passwords a person may have, and the form in which they are compared.

Pure. Knows nothing of hashes, nor of whose a password is beyond the name.
"""

import unicodedata
from typing import Final

from api.permissions.errors import PasswordFault, PasswordRefused

SHORTEST: Final = 12
LONGEST: Final = 256
# Of the lists of what is used most, those of this length; compared without case.
_WORST: Final = frozenset(
    {
        "123123123123", "123456123456", "123456789012", "1234567890123", "12345678910",
        "123456789abc", "1q2w3e4r5t6y", "1qaz2wsx3edc", "abcdefghijkl", "abcdefghijklm",
        "administrator", "asdfghjkl123", "changeme1234", "changemechangeme", "iloveyou1234",
        "letmein12345", "microsoft123", "password1234", "password12345", "password123456",
        "passwordpassword", "p@ssw0rd1234", "p@ssword1234", "qazwsxedcrfv", "qwerty123456",
        "qwertyqwerty", "qwertyuiop12", "qwertyuiop123", "qwertyuiopas", "rokuonrokuon",
        "rokuon123456", "welcome12345", "zaq12wsxcde3",
    }
)  # fmt: skip


def normalized(password: str) -> str:
    """The same password however a keyboard has composed its signs (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def require_password(password: str, name: str) -> str:
    """The password in the form that is hashed; raises `PasswordRefused`."""
    wanted = normalized(password)
    fault = _fault(wanted, name)
    if fault is not None:
        raise PasswordRefused(fault)
    return wanted


def _fault(password: str, name: str) -> PasswordFault | None:
    plain = password.casefold()
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if plain == name:
        return "name"
    if len(set(password)) == 1:
        return "one_sign"
    return "worst" if plain in _WORST else None
