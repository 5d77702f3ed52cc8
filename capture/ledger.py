"""Calls of known sources that were turned away, on their way into the archive.

Each becomes an event of a ledger page: a recording without streams, sealed and adopted like any
other. Pure. Knows nothing of why a call is turned away.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from archive.events import CallOpened, CallRefused
from capture.sip.identity import DialogId
from capture.siprec.session import RecordingSession, SessionRecording

# A page at once, then one a second at the most: a flood of refusals is no flood of files.
PAGE_US: Final = 1_000_000
# What comes beyond while no page could be made is counted only; each page holds as many events.
MAX_WAITING: Final = 4_000
# No peer's dialog has an empty tag on our side.
_NOBODY: Final = DialogId(call_id=b"", local_tag=b"", remote_tag=b"")


class Ledger:
    """Refusals since the last page, by tenant; `counts` are by source and reason since the start.

    `unnamed` counts those that stand in no page.
    """

    def __init__(self) -> None:
        self.counts: Final[Counter[tuple[str, str]]] = Counter()
        self.unnamed = 0
        self._waiting: dict[bytes, list[CallRefused]] = defaultdict(list)
        self._page_us = 0

    def note(self, tenant: bytes, refused: CallRefused) -> None:
        """A call was turned away."""
        self.counts[refused.source, refused.reason] += 1
        waiting = self._waiting[tenant]
        if len(waiting) < MAX_WAITING:
            waiting.append(refused)
        else:
            self.unnamed += 1

    def pages(
        self, worker: int, fresh_id: Callable[[int], bytes], now_us: int
    ) -> Iterator[RecordingSession]:
        """What waits, as sessions that are over, once pages are due."""
        if not self._waiting or now_us - self._page_us < PAGE_US:
            return
        waiting, self._page_us = self._waiting, now_us
        self._waiting = defaultdict(list)
        for tenant, refusals in waiting.items():
            yield _page(tenant, worker, refusals, (fresh_id(now_us), fresh_id(now_us)))


def _page(
    tenant: bytes, worker: int, refusals: list[CallRefused], ids: tuple[bytes, bytes]
) -> RecordingSession:
    key, name = ids
    recording = SessionRecording(recording=name, created_us=refusals[0].at_us)
    for refused in refusals:
        recording = recording.with_event(refused)
    ended_us = refusals[-1].at_us
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
