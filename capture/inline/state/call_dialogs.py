"""The dialogs that a call has had beside its first two, by the names of both ends.

A value. Knows nothing of who speaks in them.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from capture.links.relay_messages import Side
from capture.sip.identity import DialogId

Name = tuple[bytes, bytes]
"""Call-ID and our tag: by these both ends know an attempt and its dialogs."""

# Attempts that were given up, and hosts that were called: an answer may come for half a minute.
MAX_LEFT: Final = 16
# Whose dialogs and attempts are over is told apart as long as their last words may come.
MAX_GONE: Final = 32


def name_of(dialog: DialogId) -> Name:
    """The name of a dialog, or of the attempt that it came of."""
    return (dialog.call_id, dialog.local_tag)


class CallDialogs(msgspec.Struct, frozen=True, kw_only=True):
    """Attempts and dialogs by what became of them; who is at one of `hosts` may speak to us."""

    left: tuple[Name, ...] = ()  # given up, and may still be answered
    seats: tuple[tuple[Name, Side], ...] = ()  # of all who came to take a place
    gone: tuple[Name, ...] = ()  # count no more
    lent: tuple[Name, ...] = ()  # another call has them
    hosts: tuple[str, ...] = ()

    def given_up(self, name: Name, hosts: Iterable[str]) -> "CallDialogs":
        """An attempt that does not count any more, and where it went."""
        left = (*self.left, name)[-MAX_LEFT:]
        return msgspec.structs.replace(self, left=left, hosts=self._with(hosts))

    def seated(self, name: Name, side: Side, hosts: Iterable[str] = ()) -> "CallDialogs":
        """Of somebody who comes to take a place on this side."""
        seats = (*self.seats, (name, side))
        return msgspec.structs.replace(self, seats=seats, hosts=self._with(hosts))

    def unseated(self, name: Name) -> "CallDialogs":
        """It is of another call again."""
        seats = tuple(each for each in self.seats if each[0] != name)
        return msgspec.structs.replace(self, seats=seats)

    def over(self, name: Name) -> "CallDialogs":
        """It counts no more; the oldest that do not are forgotten."""
        gone = tuple(dict.fromkeys((*self.gone, name)))
        forgotten, gone = gone[:-MAX_GONE], gone[-MAX_GONE:]
        seats = tuple(each for each in self.seats if each[0] not in forgotten)
        return msgspec.structs.replace(self, gone=gone, seats=seats)

    def lending(self, name: Name) -> "CallDialogs":
        """Another call has it for now."""
        return msgspec.structs.replace(self, lent=(*self.lent, name))

    def given_back(self, name: Name) -> "CallDialogs":
        """The other call needs it no more."""
        return msgspec.structs.replace(self, lent=tuple(each for each in self.lent if each != name))

    def _with(self, hosts: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.hosts, *hosts)))[-MAX_LEFT:]
