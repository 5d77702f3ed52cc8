"""Inline calls with what SIP needs of them, by key and by dialog, and which of them changed.

A store of values. Knows nothing of what they mean.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from archive.events import EndReason
from capture.inline.call import End, InlineCall
from capture.relaying import Side
from capture.sip.build import Header
from capture.sip.identity import DialogId
from capture.sip.message import Request
from capture.sip.outgoing import OutgoingCall
from capture.sip.parsing import split_message

Name = tuple[bytes, bytes]
"""Call-ID and our tag: by these both ends know an attempt and its dialogs."""


class CutShort(msgspec.Struct, frozen=True, kw_only=True):
    """A call that ended while these ends heard a notice: how far it came is the relay's to say.

    `reason` is why the call ended, `since_us` when.
    """

    reason: EndReason
    ends: tuple[End, ...]
    since_us: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An inline call and its SIP: who sent it, what his INVITE said, how the callee is called.

    `request` is the caller's INVITE without its body. `attempt` is our last INVITE, `tries` how
    often it was sent anew for a challenge or a longer session interval. `left` are attempts that
    were given up and may still be answered. `agent` is who a header of the call says it is for,
    `told` what of the callee's last response the caller may hear, `answered_by` who that says he is
    (address, name). `fate` is the status that the caller was refused with, 0 before.
    `cut` is there while a call that is over waits for the evidence of its notice.
    """

    call: InlineCall
    source: str
    request: bytes
    caller: Name
    attempt: OutgoingCall | None = None
    tries: int = 0
    left: tuple[Name, ...] = ()
    agent: bytes = b""
    told: tuple[Header, ...] = ()
    answered_by: tuple[str, str] = ("", "")
    fate: int = 0
    cut: CutShort | None = None

    @property
    def key(self) -> bytes:
        """The call's."""
        return self.call.key

    @property
    def invite(self) -> Request:
        """What the caller's INVITE said."""
        request = split_message(self.request)
        assert isinstance(request, Request)
        return request

    @property
    def names(self) -> Iterator[tuple[Name, Side]]:
        """By which dialogs the call is known, and on which side."""
        yield self.caller, Side.CALLER
        if self.attempt is not None:
            yield (self.attempt.call_id, self.attempt.local_tag), Side.CALLEE
        for name in self.left:
            yield name, Side.CALLEE

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where the callee is called: he may speak to us as long as the call is up."""
        return () if self.attempt is None else (self.attempt.flow.remote.host,)


class Lines:
    """Calls from their INVITE until both sides are gone."""

    def __init__(self) -> None:
        self._lines: dict[bytes, Line] = {}
        self._names: dict[Name, tuple[bytes, Side]] = {}
        self._hosts: Counter[str] = Counter()
        self._changed: set[bytes] = set()

    def has_host(self, host: str) -> bool:
        """Was a call that is up sent there?"""
        return self._hosts[host] > 0

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(list(self._lines.values()))

    def get(self, key: bytes) -> Line | None:
        """The call of a key."""
        return self._lines.get(key)

    def of_dialog(self, dialog: DialogId | None) -> tuple[Line, Side] | None:
        """The call that a dialog (or an attempt at one) is of, and its side there."""
        found = self._names.get((dialog.call_id, dialog.local_tag)) if dialog else None
        return None if found is None else (self._lines[found[0]], found[1])

    def keep(self, line: Line) -> None:
        """Put the next value of a call in the place of the last."""
        before = self._lines.get(line.key)
        if before == line:
            return
        if before is not None:
            self._forget(before)
        self._lines[line.key] = line
        self._names.update({name: (line.key, side) for name, side in line.names})
        self._hosts.update(line.hosts)
        self._changed.add(line.key)

    def drop(self, key: bytes) -> None:
        """Forget a call."""
        line = self._lines.pop(key, None)
        if line is not None:
            self._forget(line)
            self._changed.add(key)

    def _forget(self, line: Line) -> None:
        for name, _ in line.names:
            self._names.pop(name, None)
        self._hosts.subtract(line.hosts)
        self._hosts += Counter()

    def take_changed(self) -> dict[bytes, bytes | None]:
        """What changed since the last call: key → state, None = gone."""
        changed = {
            key: msgspec.msgpack.encode(self._lines[key]) if key in self._lines else None
            for key in self._changed
        }
        self._changed.clear()
        return changed

    def restore(self, values: Iterable[bytes]) -> list[Line]:
        """Take over the calls of a predecessor; raises `msgspec.MsgspecError`."""
        lines = [msgspec.msgpack.decode(value, type=Line) for value in values]
        for line in lines:
            self.keep(line)
        self._changed.clear()
        return lines
