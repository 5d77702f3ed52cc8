"""One-time passwords of an app (RFC 6238): the secret, its address for the app, which step fits.

Pure but for the randomness of a new secret. Knows nothing of which steps were used before.
"""

from typing import Final

import pyotp

STEP_S: Final = 30
DIGITS: Final = 6
# A clock may be a step late or early.
_EITHER_WAY: Final = 1
ISSUER: Final = "Rokuon"


def new_app_secret() -> str:
    """160 random bits, in the base32 that apps take."""
    return pyotp.random_base32()


def address_for_app(secret: str, name: str) -> str:
    """What an app reads from a picture: `otpauth://…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def step_of(secret: str, one_time: str, now_us: int) -> int | None:
    """The step of time whose password that is; None where it is of none about now."""
    typed = "".join(one_time.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    now = now_us // 1_000_000 // STEP_S
    app = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    steps = range(max(0, now - _EITHER_WAY), now + _EITHER_WAY + 1)
    fitting = [step for step in steps if pyotp.utils.strings_equal(app.generate_otp(step), typed)]
    return fitting[-1] if fitting else None
