"""What tests of srtp opening share."""

from archive.srtp.keys import MasterKey
from archive.srtp.suites import SUITES


def master(name: str = "AES_CM_128_HMAC_SHA1_80", seed: int = 1, **more: object) -> MasterKey:
    """A key that is told from others by its seed."""
    suite = SUITES[name]
    key = bytes((seed + at) % 256 for at in range(suite.master_bytes))
    return MasterKey(
        suite=suite, key=key[: suite.key_bytes], salt=key[suite.key_bytes :],
        **more,  # type: ignore[arg-type]  # fields of MasterKey
    )  # fmt: skip
