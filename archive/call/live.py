"""What is asked of live calls over signalling's socket, and the forms of its answers.

Forms alone, so that who asks need not load what answers. Knows no session and no socket.
"""

from enum import StrEnum
from typing import Final, Literal

import msgspec

from archive.call.event_values import is_guess
from archive.call.marks import UNMARKED, CallMarks


class Trouble(StrEnum):
    """What an operator wants to hear of while the call is up."""

    NO_RTP = "no_rtp"
    ONE_WAY = "one_way"
    LOSSY = "lossy"
    MIXED = "mixed"
    WRONG_CODEC = "wrong_codec"
    OTHER_SENDER = "other_sender"


class Why(StrEnum):
    """Why what was asked of a live call is not done."""

    NOT_LIVE = "not_live"
    NOT_RECORDED = "not_recorded"
    ALREADY_RECORDED = "already_recorded"
    NOT_NOW = "not_now"
    NO_ROOM = "no_room"
    ALREADY_PAUSED = "already_paused"
    NOT_PAUSED = "not_paused"
    TOO_MANY_PAUSES = "too_many_pauses"
    FORBIDDEN = "forbidden_by_route"
    UNWANTED = "party_would_rather_not"
    NO_SUCH_PARTY = "no_such_party"
    FULL = "too_many_changes"


class Participant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is told of the one on a side, "" where it is not; `agent` is his id."""

    side: Literal["customer", "agent"]
    aor: str = ""
    name: str = ""
    agent: str = ""


class Wish(StrEnum):
    """What an operator wants beside an answer."""

    NOTHING = ""
    DRAIN = "drain"
    TAKE_CALLS = "take calls"
    RELOAD = "reload"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    TELL = "tell"


# What is done to the one recording that is named.
CONTROLS: Final = frozenset({Wish.START, Wish.PAUSE, Wish.RESUME, Wish.STOP, Wish.TELL})


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which recording is asked for, in hexadecimal as the archive shows it; "" = all.

    `tenant` (hexadecimal) narrows that down, "" = everybody's. `by` wishes, for a `reason`; `who`
    is told of.
    """

    recording: str = ""
    wish: Wish = Wish.NOTHING
    tenant: str = ""
    by: str = ""
    reason: str = ""
    who: Participant | None = None


class LiveParty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One who is in a call: addresses and names, the first ones first; "" and () are not told.

    `because` is what the side was decided from.
    """

    side: str = "unknown"
    because: str = ""
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def is_guessed(self) -> bool:
        """Whether he is on a side by a guess."""
        return self.side != "unknown" and is_guess(self.because)


class LiveCall(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that grows; without `is_recorded` a call of which one may be begun by hand.

    Nothing is kept while it is `paused`: for as long as somebody asked for, or to the end of the
    call, which a party refused. `paused_us` is since when, 0 while the worker has not told it.
    `phase` is that of an inline call, "" of others. `parties` are in the call; `caller` and
    `called` are the ends of the SIP dialog, which of a recording session are no parties. `ids`
    begin with its Call-ID. `codecs` are those in which streams came although nobody agreed on them.
    `route` is that of an inline call; `marks` are what it, and behind it the source, says.
    """

    recording: str
    source: str
    started_us: int
    caller: str
    called: str
    streams: int
    on_hold: bool
    troubles: tuple[Trouble, ...]
    tenant: str = ""
    mode: str = ""
    phase: str = ""
    is_recorded: bool = True
    paused: Literal["", "asked", "refused"] = ""
    paused_us: int = 0
    parties: tuple[LiveParty, ...] = ()
    ids: tuple[str, ...] = ()
    codecs: tuple[str, ...] = ()
    marks: CallMarks = UNMARKED
    route: str = ""


class Reloaded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of reading the configuration again.

    `names` are the sources that there are now, `later` the settings that were changed and wait for
    a restart; `unread` are prompts whose files cannot be read. `refused` is why
    everything stays as it was, "" where it does not.
    """

    names: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    refused: str = ""


class LiveCalls(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: calls in the order in which they began, and how many there are in all.

    `full` says why new calls are refused, "" where they are taken; `full_us` since when, and
    `turned_away` how many were since then. `reloaded` tells what became of
    the wish to reload, `refused` why another one is not fulfilled, "" where it is.
    """

    total: int
    calls: tuple[LiveCall, ...]
    draining: bool = False
    full: str = ""
    full_us: int = 0
    turned_away: int = 0
    reloaded: Reloaded = Reloaded()
    refused: str = ""
