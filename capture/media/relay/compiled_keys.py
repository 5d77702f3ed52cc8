"""SRTP keys of ends as the compiled loop has them: made when they are first of use, and forgotten.

Which key is tried on a packet, and under which index, `relay_secrecy` knows.
"""

from ctypes import CDLL, POINTER, byref, c_void_p
from typing import Protocol

from archive.srtp.directions import Direction
from capture.media.relay.srtp import SrtpOpener, SrtpSealer
from capture.native.choice import finds_crypto
from capture.native.layout import NO_KEY_NUMBER, KeyMaterial, LoopEnd


class Keys(Protocol):
    def seal(self, loop_end: LoopEnd, sealer: SrtpSealer | None) -> None:
        """Have what goes to the end's party sealed with this from now on."""

    def open(self, loop_end: LoopEnd, opener: SrtpOpener) -> None:
        """Have what comes from it opened with the key that fitted last."""

    def forget(self, loop_end: LoopEnd) -> None:
        """Its call is over."""


class NoKeys:
    """Nobody's: where there is no compiled loop or no libcrypto, SRTP is Python's."""

    def seal(self, loop_end: LoopEnd, sealer: SrtpSealer | None) -> None:
        """Nothing is sealed there."""

    def open(self, loop_end: LoopEnd, opener: SrtpOpener) -> None:
        """Nothing is opened there."""

    def forget(self, loop_end: LoopEnd) -> None:
        """There is nothing to forget."""


class CompiledKeys:
    """Those of a library whose `rokuon_crypto` has found libcrypto."""

    def __init__(self, library: CDLL) -> None:
        self._make, self._forget = library.rokuon_key, library.rokuon_forget_key
        self._make.restype, self._make.argtypes = c_void_p, (POINTER(KeyMaterial),)
        self._forget.restype, self._forget.argtypes = None, (c_void_p,)
        self._sealers: dict[int, SrtpSealer] = {}

    def seal(self, loop_end: LoopEnd, sealer: SrtpSealer | None) -> None:
        """Have what goes to the end's party sealed with this from now on."""
        if sealer is not self._sealers.get(loop_end.owner):
            self._forget_sealer(loop_end)
            if sealer is not None:
                self._sealers[loop_end.owner] = sealer
                loop_end.sealer = self._make(byref(_material(sealer.direction, seals=True)))

    def open(self, loop_end: LoopEnd, opener: SrtpOpener) -> None:
        """Have what comes from it opened with the key that fitted last."""
        self._forget_opener(loop_end)
        direction = opener.direction_in_turn
        if direction is not None:
            loop_end.opener = self._make(byref(_material(direction, seals=False)))
            loop_end.opener_key = loop_end.turn.key

    def forget(self, loop_end: LoopEnd) -> None:
        """Its call is over."""
        self._forget_sealer(loop_end)
        self._forget_opener(loop_end)

    def _forget_sealer(self, loop_end: LoopEnd) -> None:
        self._forget(loop_end.sealer)
        loop_end.sealer = None
        self._sealers.pop(loop_end.owner, None)

    def _forget_opener(self, loop_end: LoopEnd) -> None:
        self._forget(loop_end.opener)
        loop_end.opener, loop_end.opener_key = None, NO_KEY_NUMBER


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
