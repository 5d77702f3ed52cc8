"""SRTP keys of legs as the compiled loop has them: made when they are first of use, and forgotten.

Which key is tried on a packet, and under which index, `relay_secrecy` knows.
"""

from ctypes import CDLL, POINTER, byref, c_void_p
from typing import Protocol

from archive.srtp.directions import Direction
from capture.media.relay.srtp import Opening, Sealing
from capture.native.choice import finds_crypto
from capture.native.layout import NO_KEY_NUMBER, KeyMaterial, Leg


class Keys(Protocol):
    """Who has keys of legs made."""

    def seal(self, leg: Leg, sealing: Sealing | None) -> None:
        """Have what goes to the leg's party sealed with this from now on."""

    def open(self, leg: Leg, opening: Opening) -> None:
        """Have what comes from it opened with the key that fitted last."""

    def forget(self, leg: Leg) -> None:
        """Its call is over."""


class NoKeys:
    """Nobody's: where there is no compiled loop or no libcrypto, SRTP is Python's."""

    def seal(self, leg: Leg, sealing: Sealing | None) -> None:
        """Nothing is sealed there."""

    def open(self, leg: Leg, opening: Opening) -> None:
        """Nothing is opened there."""

    def forget(self, leg: Leg) -> None:
        """There is nothing to forget."""


class CompiledKeys:
    """Those of a library whose `rokuon_crypto` has found libcrypto."""

    def __init__(self, library: CDLL) -> None:
        self._make, self._forget = library.rokuon_key, library.rokuon_forget_key
        self._make.restype, self._make.argtypes = c_void_p, (POINTER(KeyMaterial),)
        self._forget.restype, self._forget.argtypes = None, (c_void_p,)
        self._sealings: dict[int, Sealing] = {}

    def seal(self, leg: Leg, sealing: Sealing | None) -> None:
        """Have what goes to the leg's party sealed with this from now on."""
        if sealing is not self._sealings.get(leg.owner):
            self._forget_sealer(leg)
            if sealing is not None:
                self._sealings[leg.owner] = sealing
                leg.sealer = self._make(byref(_material(sealing.direction, seals=True)))

    def open(self, leg: Leg, opening: Opening) -> None:
        """Have what comes from it opened with the key that fitted last."""
        self._forget_opener(leg)
        direction = opening.direction_in_turn
        if direction is not None:
            leg.opener = self._make(byref(_material(direction, seals=False)))
            leg.opener_key = leg.turn.key

    def forget(self, leg: Leg) -> None:
        """Its call is over."""
        self._forget_sealer(leg)
        self._forget_opener(leg)

    def _forget_sealer(self, leg: Leg) -> None:
        self._forget(leg.sealer)
        leg.sealer = None
        self._sealings.pop(leg.owner, None)

    def _forget_opener(self, leg: Leg) -> None:
        self._forget(leg.opener)
        leg.opener, leg.opener_key = None, NO_KEY_NUMBER


def keys_of(library: CDLL) -> Keys:
    """Keys of this library; nobody's where libcrypto is not to be found."""
    return CompiledKeys(library) if finds_crypto(library) else NoKeys()


def _material(direction: Direction, *, seals: bool) -> KeyMaterial:
    keys, master = direction.rtp, direction.master
    said = KeyMaterial(
        is_gcm=direction.is_aead,
        is_clear=not master.rtp_encrypted,
        seals=seals,
        key_bytes=len(keys.encryption),
        tag_bytes=master.suite.rtp_tag_bytes,
        mki_bytes=len(master.mki),
    )
    for field, value in (
        (said.encryption, keys.encryption),
        (said.authentication, keys.authentication),
        (said.salt, keys.salt),
        (said.mki, master.mki),
    ):
        field[: len(value)] = value
    return said
