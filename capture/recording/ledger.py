"""Calls of known sources of which nothing is kept, on their way into the archive.

Each becomes an event of a ledger page: a recording without streams, sealed and adopted like any
other. Pure. Knows nothing of why a call is turned away.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from archive.call.events import CallOpened, CallRefused, Event, SipMessage
from capture.recording.session import RecordingSession, SessionRecording
from capture.sip.identity import DialogId

# A page at once, then one a second at the most: a flood of refusals is no flood of files.
PAGE_US: Final = 1_000_000
# What comes beyond while no page could be made is counted only; each page holds as many events.
MAX_WAITING: Final = 4_000
# Documents that are read a second, of all sources: a flood is counted, and its headers are read.
MAX_READ: Final = 50
# As much as all rows of a page may tell of people; the others have From and To alone.
MAX_TOLD_BYTES: Final = 4 << 20
_SECOND_US: Final = 1_000_000
# Some hundred INVITEs with their answers; the page lies in the memory of live calls until written.
MAX_SAID_BYTES: Final = 512 << 10
TakeSaid = Callable[[bytes], Iterable[SipMessage]]
# No peer's dialog has an empty tag on our side.
_NOBODY: Final = DialogId(call_id=b"", local_tag=b"", remote_tag=b"")


class Ledger:
    """Refusals since the last page, by tenant; `counts` are by source and reason since the start.

    `unnamed` counts those that stand in no page; of the `unlogged` no log line tells yet.
    """

    def __init__(self) -> None:
        self.counts: Final[Counter[tuple[str, str]]] = Counter()
        self.unnamed = 0
        self.unlogged: Final[deque[CallRefused]] = deque(maxlen=MAX_WAITING)
        self._waiting: dict[bytes, list[CallRefused]] = defaultdict(list)
        self._said: dict[bytes, list[SipMessage]] = defaultdict(list)
        self._said_bytes = 0
        self._page_us = 0
        self._told_bytes = 0
        self._read = 0
        self._read_since_us = 0

    def may_read(self, now_us: int) -> bool:
        """Take one of the documents that may be read this second, if one is left."""
        if not 0 <= now_us - self._read_since_us < _SECOND_US:
            self._read, self._read_since_us = 0, now_us
        self._read += 1
        return self._read <= MAX_READ

    def note(self, tenant: bytes, refused: CallRefused, said: Iterable[SipMessage] = ()) -> None:
        """A call was turned away, or nothing came of it; `said` are the messages that it had."""
        self.counts[refused.source, refused.reason] += 1
        self.unlogged.append(refused)
        waiting = self._waiting[tenant]
        if len(waiting) < MAX_WAITING:
            waiting.append(self._with_room(refused))
            self._keep_said(_call_id(refused), said)
        else:
            self.unnamed += 1

    def _with_room(self, refused: CallRefused) -> CallRefused:
        """It, without people where the page has told of so many."""
        if not refused.mentions:
            return refused
        self._told_bytes += len(msgspec.json.encode(refused.mentions))
        if self._told_bytes <= MAX_TOLD_BYTES:
            return refused
        return msgspec.structs.replace(refused, mentions=())

    def _keep_said(self, call_id: bytes, said: Iterable[SipMessage]) -> None:
        for message in said:
            self._said_bytes += len(message.data)
            if self._said_bytes <= MAX_SAID_BYTES:
                self._said[call_id].append(message)

    @property
    def call_ids(self) -> set[bytes]:
        """The calls that wait for their page."""
        return {_call_id(each) for waiting in self._waiting.values() for each in waiting}

    def pages(
        self, worker: int, fresh_id: Callable[[int], bytes], take: TakeSaid, now_us: int
    ) -> Iterator[RecordingSession]:
        """What waits, as sessions that are over, once pages are due.

        `take` gives what was said of a call, secrets masked.
        """
        if not self._waiting or now_us - self._page_us < PAGE_US:
            return
        waiting, self._page_us = self._waiting, now_us
        said, self._said, self._said_bytes = self._said, defaultdict(list), 0
        self._told_bytes = 0
        self._waiting = defaultdict(list)
        for tenant, refusals in waiting.items():
            recording = SessionRecording(recording=fresh_id(now_us), created_us=refusals[0].at_us)
            told = _said_of(refusals, lambda call: (*said.get(call, ()), *take(call)))
            events: list[Event] = [*refusals, *told]
            for event in events:
                recording = recording.with_event(event)
            yield _page(tenant, worker, recording, (fresh_id(now_us), refusals[-1].at_us))


def _call_id(refused: CallRefused) -> bytes:
    return refused.call_id.encode("utf-8", "surrogateescape")


def _said_of(refusals: list[CallRefused], take: TakeSaid) -> Iterator[SipMessage]:
    """The messages of the calls that were refused, as far as a page has room for them."""
    said_bytes = 0
    for call_id in dict.fromkeys(map(_call_id, refusals)):
        for message in take(call_id):
            said_bytes += len(message.data)
            if said_bytes <= MAX_SAID_BYTES:
                yield message


def _page(
    tenant: bytes, worker: int, recording: SessionRecording, ends: tuple[bytes, int]
) -> RecordingSession:
    key, ended_us = ends
    recording = recording.over("session_ended", ended_us)
    return RecordingSession(
        key=key,
        tenant=tenant,
        source="",
        dialog=_NOBODY,
        worker=worker,
        created_us=recording.created_us,
        address="",
        call=_no_call(recording.created_us),
        recordings=(recording,),
        ended="session_ended",
        ended_us=ended_us,
    )


def _no_call(at_us: int) -> CallOpened:
    """A page is of no call; this is never written."""
    return CallOpened(
        at_us=at_us, source="", node="", mode="siprec", transport="udp", peer="",
        call_id="", from_uri="", from_name="", to_uri="", to_name="", request_uri="",
    )  # fmt: skip
