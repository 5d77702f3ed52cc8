"""What was said of each call and does not stand in its recordings yet.

Takes messages as they pass, secrets masked; a recording session takes them when it changes. Knows
nothing of sessions.
"""

from collections import deque
from typing import Final

import msgspec

from archive.call.events import SipMessage
from capture.errors import PeerBrokeProtocol
from capture.sip.flow import Address, Flow, transport_of
from capture.sip.message import Message
from capture.sip.parser import split_message
from capture.sip.redaction import redacted

# A call that is being set up has a handful; strangers and floods fill no memory.
MAX_CALLS: Final = 4_096
MAX_WAITING: Final = 64
# Whose ends are known; a site has a handful of peers.
MAX_CONNECTIONS: Final = 4_096
PING: Final = b"OPTIONS"


class Ladder:
    """Messages by Call-ID, the oldest call forgotten first."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, deque[SipMessage]] = {}
        self._ends: dict[int, tuple[Address, Address]] = {}

    def received(self, data: bytes, flow: Flow, now_us: int) -> None:
        """A message came."""
        if flow.connection:
            self._ends.pop(flow.connection, None)
            self._ends[flow.connection] = flow.local, flow.remote
            if len(self._ends) > MAX_CONNECTIONS:
                self._ends.pop(next(iter(self._ends)))
        self._note(data, flow, now_us, is_received=True)

    def sent(self, data: bytes, flow: Flow, now_us: int) -> None:
        """A message goes out; on a connection that is up it leaves between that one's ends.

        Its flow names where to connect anew once it is gone.
        """
        local, remote = self._ends.get(flow.connection, (flow.local, flow.remote))
        placed = msgspec.structs.replace(flow, local=local, remote=remote)
        self._note(data, placed, now_us, is_received=False)

    def gone(self, connection: int) -> None:
        """A connection is no more; what follows goes another way."""
        self._ends.pop(connection, None)

    def _note(self, data: bytes, flow: Flow, now_us: int, *, is_received: bool) -> None:
        call_id = _call_of(data)
        if call_id is None:
            return
        waiting = self._waiting.get(call_id)
        if waiting is None:
            if len(self._waiting) >= MAX_CALLS:
                self._waiting.pop(next(iter(self._waiting)))
            waiting = self._waiting[call_id] = deque(maxlen=MAX_WAITING)
        waiting.append(
            SipMessage(
                at_us=now_us,
                is_received=is_received,
                transport=transport_of(flow),
                local=_shown(flow.local),
                remote=_shown(flow.remote),
                data=redacted(data),
            )
        )

    def take(self, call_id: bytes) -> tuple[SipMessage, ...]:
        """What was said since the last time, in order."""
        return tuple(self._waiting.pop(call_id, ()))

    def calls(self) -> list[bytes]:
        """The calls of which something waits."""
        return list(self._waiting)

    def forget(self, call_id: bytes) -> None:
        """Nobody records this call."""
        self._waiting.pop(call_id, None)


def _call_of(data: bytes) -> bytes | None:
    """Whose message this is; None for pings outside of calls and for what cannot be read."""
    try:
        message = split_message(data)
        return None if _is_ping(message) else message.call_id
    except PeerBrokeProtocol:
        return None


def _is_ping(message: Message) -> bool:
    return message.cseq.method == PING


def _shown(address: Address) -> str:
    return (
        f"[{address.host}]:{address.port}"
        if ":" in address.host
        else f"{address.host}:{address.port}"
    )
