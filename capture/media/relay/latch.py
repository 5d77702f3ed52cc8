"""Whose packets are a party's: the rules of docs/inline.md, packet by packet.

Pure. A latch is fed keys of sources and says whether they are heard. Knows nothing of sockets.
"""

from dataclasses import dataclass, field
from typing import Final

from capture.links.relay_messages import Latch
from capture.media.relay.kernel_addresses import NO_KEY, Key

# One that guesses a port sends a packet or two; a phone sends fifty a second.
STEADY_PACKETS: Final = 4
# A phone that changed networks is heard anew after so much silence.
SILENT_S: Final = 2.0
# Of several early dialogs one is heard until it has said nothing for so long: ten packets of 20 ms.
FORK_SILENT_S: Final = 0.2
# Strangers counted at a time, by address and SSRC; a flood of others begins again.
MAX_CANDIDATES: Final = 16
MAX_STRANGERS: Final = 8


@dataclass(slots=True)
class SourceLatch:
    """One end's latch: `key` is whom it hears, `NO_KEY` while it has heard nobody.

    While it `is_kept` nobody but he is heard, or who is where the SDP says.
    """

    rule: Latch
    signalled: tuple[Key, ...] = ()
    key: Key = NO_KEY
    heard_s: float = 0.0
    is_kept: bool = False
    strangers: dict[Key, int] = field(default_factory=dict)
    _candidates: dict[tuple[Key, int], int] = field(default_factory=dict)

    def obey(self, rule: Latch, signalled: tuple[Key, ...], *, is_kept: bool = False) -> None:
        """What the SDP says now; where the party has moved, it is heard anew."""
        moved = signalled[:1] != self.signalled[:1]
        if self.rule is not rule or (moved and self.key not in signalled):
            self.key = NO_KEY
            self._candidates.clear()
        elif rule is Latch.SIGNALLED and self.key not in signalled:
            self.key = NO_KEY
        self.rule, self.signalled, self.is_kept = rule, signalled, is_kept

    def heeds(self, key: Key, now_s: float) -> bool:
        """Whether a packet of another source than `key` may be the party's, whatever is in it."""
        if self.is_kept and key not in self.signalled:
            return False
        silent_s = SILENT_S if self.key == NO_KEY else now_s - self.heard_s
        match self.rule:
            case Latch.ANY:
                return True
            case Latch.SIGNALLED:
                return key in self.signalled and silent_s >= FORK_SILENT_S
            case Latch.NAT:
                return silent_s >= SILENT_S

    def admit(self, key: Key, ssrc: int, now_s: float) -> bool:
        """Whether a packet of another source than `key` is the party's; it is `key` then.

        What a steady stranger sent before it was latched is not heard: three packets at most.
        """
        if self._admits(key, ssrc, now_s):
            self.key, self.heard_s = key, now_s
            self._candidates.clear()
            return True
        self.note_stranger(key)
        return False

    def note_stranger(self, key: Key) -> None:
        """Count a packet that is not heard."""
        if len(self.strangers) < MAX_STRANGERS or key in self.strangers:
            self.strangers[key] = self.strangers.get(key, 0) + 1

    def _admits(self, key: Key, ssrc: int, now_s: float) -> bool:
        if not self.heeds(key, now_s):
            return False
        return self.rule is not Latch.NAT or key in self.signalled or self._is_steady(key, ssrc)

    def _is_steady(self, key: Key, ssrc: int) -> bool:
        if len(self._candidates) >= MAX_CANDIDATES and (key, ssrc) not in self._candidates:
            self._candidates.clear()
        seen = self._candidates.get((key, ssrc), 0) + 1
        self._candidates[key, ssrc] = seen
        return seen >= STEADY_PACKETS

    def take_strangers(self) -> dict[Key, int]:
        """Packets that were not heard since the last call, by source."""
        found, self.strangers = self.strangers, {}
        return found
