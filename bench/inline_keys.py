"""Keys of a bench's calls, new for each run.

Knows nothing of what they seal.
"""

import secrets

from bench.inline_sdp import KEY_BYTES


def new_keys(*, secure: bool) -> tuple[bytes, bytes]:
    """The caller's and the callee's; b"" without SRTP."""
    return (
        (secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)) if secure else (b"", b"")
    )
