"""The key of signing in."""

import pytest

from api.sign_in.sign_in_key import KEY_BYTES, SealBroken, SignInKey

KEY, OTHER = SignInKey(bytes(KEY_BYTES)), SignInKey(b"x" * KEY_BYTES)


def test_what_is_sealed_for_one_is_opened_for_nobody_else() -> None:
    """Nor under another key, nor when it was changed anywhere; no two seals are alike."""
    sealed = KEY.seal(b"secret", b"sato")

    assert KEY.open(sealed, b"sato") == b"secret"
    assert b"secret" not in sealed
    assert KEY.seal(b"secret", b"sato") != sealed
    for key, kept, whose in (
        (KEY, sealed, b"ono"),
        (OTHER, sealed, b"sato"),
        *((KEY, sealed[:at], b"sato") for at in range(len(sealed))),
        *((KEY, _flipped(sealed, at), b"sato") for at in range(len(sealed))),
    ):
        with pytest.raises(SealBroken):
            key.open(kept, whose)


def test_a_mark_is_of_one_message_and_one_key() -> None:
    """And says nothing of what seals are made of."""
    assert KEY.mark(b"a") == KEY.mark(b"a")
    assert len({KEY.mark(b"a"), KEY.mark(b"b"), OTHER.mark(b"a")}) == 3
    assert repr(KEY) == "SignInKey()"


def _flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
