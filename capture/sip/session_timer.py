"""Session timers: how long a dialog lasts unless it is refreshed, and who refreshes it (RFC 4028).

Frozen values. Nothing here ends a session: who promised to refresh it and does not is asked, and
what follows is the layer's above.
"""

from typing import Final

import msgspec

from capture.sip.build import Answer, Header
from capture.sip.grammar import WHITESPACE, reads_as_number
from capture.sip.limits import MAX_UINT32
from capture.sip.message import Message, Request, Response

OPTION: Final = b"timer"
# The requests whose 2xx begins the interval anew (§3).
REFRESHING: Final = frozenset({b"INVITE", b"UPDATE"})
# The least interval that may be asked for, and what Min-SE means where it is missing (§4, §5).
MIN_INTERVAL_S: Final = 90
# §10 recommends half of the interval for the refresh; another try where nobody said yes.
_SHARE: Final = 2
_SHARE_OF_RETRY: Final = 4
# So long before it expires the one who is not refreshed acts: the less of the two (§10).
_EARLY_S: Final = 32
_EARLY_SHARE: Final = 3
_INTERVAL: Final = b"session-expires"
_REQUIRE: Final[Header] = (b"Require", OPTION)


class SessionTimer(msgspec.Struct, frozen=True, kw_only=True):
    """The interval in seconds, the least that the path allows, and when we refresh next.

    `refresh_at_s` is None where the peer refreshes: at `missed_at_s` it should have.
    """

    interval_s: int
    min_interval_s: int = MIN_INTERVAL_S
    refresh_at_s: float | None = None
    missed_at_s: float | None = None

    @property
    def next_deadline_s(self) -> float | None:
        """When we refresh, or the peer should have."""
        return self.missed_at_s if self.refresh_at_s is None else self.refresh_at_s

    def refreshed(self, now_s: float) -> "SessionTimer":
        """Somebody said yes: half of the interval from now is our next time, or the peer's.

        The peer has until slightly before the session expires (§10).
        """
        after_s = self._counted_s / _SHARE
        if self.refresh_at_s is None:
            after_s = self._counted_s - min(_EARLY_S, self._counted_s / _EARLY_SHARE)
        return self._due(now_s + after_s)

    def tried(self, now_s: float) -> "SessionTimer":
        """We ask now; once more after a quarter of the interval, unless somebody says yes."""
        return self._due(now_s + self._counted_s / _SHARE_OF_RETRY)

    @property
    def _counted_s(self) -> int:
        """A shorter interval than is allowed comes from a proxy: it is not hurried after."""
        return max(self.interval_s, MIN_INTERVAL_S)

    def _due(self, at_s: float) -> "SessionTimer":
        if self.refresh_at_s is None:
            return msgspec.structs.replace(self, missed_at_s=at_s)
        return msgspec.structs.replace(self, refresh_at_s=at_s)

    @property
    def headers(self) -> tuple[Header, ...]:
        """What a re-INVITE or UPDATE of ours says (§7.4): the interval; who refreshes stays so."""
        refresher = b"uas" if self.refresh_at_s is None else b"uac"
        interval: Header = (b"Session-Expires", b"%d;refresher=%s" % (self.interval_s, refresher))
        if self.min_interval_s == MIN_INTERVAL_S:
            return (interval,)
        return interval, (b"Min-SE", b"%d" % self.min_interval_s)


def screen_interval(request: Request) -> Answer | None:
    """422 for an interval that is too short, where the peer can ask for another (§9)."""
    interval_s = _interval_s(request)
    if interval_s is None or interval_s >= MIN_INTERVAL_S or not _supports(request):
        return None
    return Answer(status=422, headers=((b"Min-SE", b"%d" % MIN_INTERVAL_S),))


def agree(
    request: Request, now_s: float, wanted_s: int = 0
) -> tuple[SessionTimer | None, tuple[Header, ...]]:
    """The timer that our 2xx to a refresh begins, and what the 2xx says of it (§9, table 2).

    Who can refresh does; we do where the peer cannot, asks us to, or has asked for no timer and
    gets the one that is `wanted_s` of us, 0: none.
    """
    asked_s = _interval_s(request)
    interval_s = asked_s or _inserted_s(request, wanted_s)
    if not interval_s:
        return None, ()
    ours = asked_s is None or not _supports(request) or _refresher(request) == b"uas"
    timer = SessionTimer(
        interval_s=interval_s,
        min_interval_s=max(MIN_INTERVAL_S, _min_interval_s(request)),
        refresh_at_s=now_s if ours else None,
    ).refreshed(now_s)
    refresher = b"uas" if ours else b"uac"
    told: Header = (b"Session-Expires", b"%d;refresher=%s" % (interval_s, refresher))
    return timer, (_REQUIRE, told) if _supports(request) else (told,)


def _inserted_s(request: Request, wanted_s: int) -> int:
    """What a UAS may ask for by itself: nothing of who knows of no timers, nor less than Min-SE."""
    if not wanted_s or not _supports(request):
        return 0
    return max(wanted_s, MIN_INTERVAL_S, _min_interval_s(request))


def answered(timer: SessionTimer | None, response: Response, now_s: float) -> SessionTimer | None:
    """The timer after the final response to a re-INVITE or UPDATE of ours (§7.2, §7.3)."""
    if response.status // 100 == 2:  # noqa: PLR2004 - RFC 3261 §7.2
        return _begun_by(timer, response, now_s)
    least_s = _min_interval_s(response)
    if response.status != 422 or timer is None or least_s <= timer.interval_s:  # noqa: PLR2004
        return timer
    return msgspec.structs.replace(
        timer,
        interval_s=least_s,
        min_interval_s=max(least_s, timer.min_interval_s),
        refresh_at_s=None if timer.refresh_at_s is None else now_s,
    )


def begun(invite: Request, response: Response, now_s: float) -> SessionTimer | None:
    """The timer that the 2xx to an INVITE of ours outside of any dialog begins (§7.2)."""
    least_s = max(MIN_INTERVAL_S, _min_interval_s(invite))
    return _begun_by(SessionTimer(interval_s=0, min_interval_s=least_s), response, now_s)


def _begun_by(timer: SessionTimer | None, response: Response, now_s: float) -> SessionTimer | None:
    """A 2xx without an interval switches the timer off."""
    interval_s = _interval_s(response)
    if interval_s is None:
        return None
    least_s = MIN_INTERVAL_S if timer is None else timer.min_interval_s
    ours = _refresher(response) == b"uac"
    return SessionTimer(
        interval_s=interval_s,
        min_interval_s=least_s,
        refresh_at_s=now_s if ours else None,
    ).refreshed(now_s)


def _supports(message: Message) -> bool:
    return any(tag.lower() == OPTION for tag in (*message.supported, *message.require))


def _interval_s(message: Message) -> int | None:
    """Session-Expires; one that cannot be read is as none."""
    value = message.value(_INTERVAL) or b""
    return reads_as_number(value.partition(b";")[0].strip(WHITESPACE), MAX_UINT32) or None


def _min_interval_s(message: Message) -> int:
    value = message.value(b"min-se") or b""
    return reads_as_number(value.partition(b";")[0].strip(WHITESPACE), MAX_UINT32) or 0


def _refresher(message: Message) -> bytes:
    """`uac`, `uas`, or b"" where nobody was chosen."""
    pieces = (message.value(_INTERVAL) or b"").split(b";")[1:]
    named = (piece.partition(b"=") for piece in pieces)
    return next(
        (value.strip().lower() for name, _, value in named if name.strip().lower() == b"refresher"),
        b"",
    )
