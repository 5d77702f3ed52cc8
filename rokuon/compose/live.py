"""Calls that are up, and what signalling is told to do, over its socket.

Knows the socket and the form of its answers, nothing of how calls are watched.
"""

import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final

import msgspec

from archive.grants import Ask, Grant, PauseGrant, ResumeGrant, StartGrant, StopGrant, grant
from archive.ids import RecordingId
from archive.live import LiveCall, LiveCalls, LiveParty, Question, Reloaded, Why, Wish
from archive.numbers import user_part
from rokuon import clock
from rokuon.compose.catalog import local_access, open_catalog
from rokuon.compose.errors import (
    ControlForbidden,
    ControlRefused,
    NothingFound,
    ReloadRefused,
    SeveralFound,
)
from rokuon.compose.sockets import status_socket
from rokuon.config.schema import Config
from rokuon.i18n import tr

if TYPE_CHECKING:
    from api.live import LiveState

ANSWER_S: Final = 5.0
# Of a recording session the ends of the dialog are a recording client and us: no parties.
INLINE: Final = "inline"
_READ_BYTES: Final = 1 << 16
Shown = dict[str, object]
_GRANTS: Final[dict[Wish, type[Grant]]] = {
    Wish.START: StartGrant,
    Wish.PAUSE: PauseGrant,
    Wish.RESUME: ResumeGrant,
    Wish.STOP: StopGrant,
}
# How long the worker may take to choose a moment: he answers in milliseconds.
_LOOKS: Final = 60
_LOOK_EVERY_S: Final = 0.05


def live_rows(config: Config, zone: tzinfo = UTC) -> list[Shown]:
    """A row for each recording that grows or may be begun.

    Raises `NothingFound` where capture does not run.
    """
    return [_row(each, zone) for each in ask(config, Question()).calls]


def live_row(config: Config, call: str, zone: tzinfo = UTC) -> Shown | None:
    """The recording of this id, or of this Call-ID, while it grows, else None.

    Raises `SeveralFound` where an id is that of several.
    """
    try:
        found = _calls_of(config, call)
    except NothingFound:
        return None
    return _row(found[0], zone) if found else None


def _calls_of(config: Config, call: str) -> tuple[LiveCall, ...]:
    """The one recording of an id as the archive has it, or of any other by which it is known."""
    own = _recording_id(call)
    if own is not None:
        return ask(config, Question(recording=own.raw.hex())).calls
    wanted = call.strip().casefold()
    calls = ask(config, Question()).calls
    found = tuple(each for each in calls if wanted in map(str.casefold, each.ids))
    if len(found) > 1:
        raise SeveralFound(call, tuple(each.recording for each in found))
    return found


@dataclass(frozen=True, slots=True)
class NodeState:
    """Whether new calls are refused, and how many recordings grow."""

    draining: bool
    calls: int


def drain_node(config: Config, *, wanted: bool) -> NodeState:
    """Have new calls refused, or taken again. Raises `NothingFound` where capture does not run."""
    said = ask(config, Question(wish=Wish.DRAIN if wanted else Wish.TAKE_CALLS))
    return NodeState(said.draining, said.total)


def reload_node(config: Config) -> Reloaded:
    """Have sources and certificates read again: what the node has now.

    Raises `NothingFound` where capture does not run, `ReloadRefused` where it keeps what it has.
    """
    said = ask(config, Question(wish=Wish.RELOAD)).reloaded
    if said.refused:
        raise ReloadRefused(said.refused)
    return said


def control_call(config: Config, recording: str, wish: Wish, reason: str) -> Shown:
    """Have a live call started, paused, resumed or stopped, journalled before: how it is then.

    Waits until the worker has chosen the moment. Raises `NothingFound`, `ControlRefused`.
    """
    own = _id_of(config, recording)
    access = local_access()
    entry = Ask(access=access, target=own, detail={"reason": reason})
    grant(open_catalog(config), _GRANTS[wish], entry)
    wanted = Question(recording=own.raw.hex(), wish=wish, by=access.actor, reason=reason)
    refuse(ask(config, wanted).refused)
    for _ in range(_LOOKS):
        calls = ask(config, Question(recording=own.raw.hex())).calls
        if not calls or not calls[0].is_paused or calls[0].paused_us:
            return _row(calls[0]) if calls else _unkept(own, wish)
        time.sleep(_LOOK_EVERY_S)
    raise ControlRefused(tr("the worker has not answered yet; look at calls live"))


def _unkept(recording: RecordingId, wish: Wish) -> Shown:
    """What is not kept, or could not be begun: nobody could be told."""
    state = "unrecorded" if wish is Wish.START else "stopped"
    return {"recording": recording.raw.hex(), "state": state}


def refuse(why: str) -> None:
    """Raise what a refusal by signalling is: `NothingFound`, `ControlRefused`; nothing for ""."""
    match why:
        case "":
            return
        case Why.NOT_LIVE:
            raise NothingFound(tr("no call of this id is being recorded"))
        case Why.FORBIDDEN | Why.UNWANTED:
            raise ControlForbidden(why)
        case _:
            raise ControlRefused(why)


def _id_of(config: Config, call: str) -> RecordingId:
    own = _recording_id(call)
    if own is not None:
        return own
    found = _calls_of(config, call)
    if not found:
        raise NothingFound(tr("no call of this id is being recorded"))
    return RecordingId.parse(found[0].recording)


def _recording_id(text: str) -> RecordingId | None:
    try:
        return RecordingId.parse(text.replace("-", "").lower())
    except ValueError:
        return None


def ask(config: Config, question: Question) -> LiveCalls:
    """Ask signalling. Raises `NothingFound` where capture does not run, `OSError`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(ANSWER_S)
        try:
            sock.connect(str(status_socket(config)))
        except (FileNotFoundError, ConnectionRefusedError):
            raise NothingFound(tr("capture does not run here")) from None
        sock.sendall(msgspec.json.encode(question) + b"\n")
        answer = bytearray()
        while data := sock.recv(_READ_BYTES):
            answer += data
    return msgspec.json.decode(bytes(answer), type=LiveCalls)


def _row(call: LiveCall, zone: tzinfo = UTC) -> Shown:
    paused = _moment(call.paused_us, zone) if call.paused_us else ""
    return {
        "recording": call.recording,
        "call_id": call.ids[0] if call.ids else "",
        "started_at": _moment(call.started_us, zone),
        "duration_s": max(0, (clock.now_us() - call.started_us) // 1_000_000),
        "source": call.source,
        "parties": [_party(each) for each in parties_of(call)],
        "caller": call.caller,
        "called": call.called,
        "streams": call.streams,
        "state": state_of(call).replace("_", " "),
        "paused_at": paused,
        "phase": call.phase,
        "troubles": [trouble.value for trouble in call.troubles],
        "stray_codecs": list(call.codecs),
    }


def state_of(call: LiveCall) -> "LiveState":
    """The state in a word."""
    if not call.is_recorded:
        return "unrecorded"
    if call.is_paused:
        return "paused"
    return "on_hold" if call.on_hold else "live"


def parties_of(call: LiveCall) -> tuple[LiveParty, ...]:
    """Who is in it; where nobody is named, the ends of an inline call."""
    ends = (call.caller, call.called) if call.mode == INLINE and not call.parties else ()
    return (*call.parties, *(LiveParty(addresses=(end,)) for end in ends if end))


def number_of(address: str) -> str:
    """The user of an address, as people write it; the address where it has none."""
    return user_part(address) or address


def _party(party: LiveParty) -> Shown:
    return {
        "side": party.side,
        "names": list(party.names),
        "numbers": list(map(number_of, party.addresses)),
        "addresses": list(party.addresses),
    }


def _moment(at_us: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at_us / 1_000_000, zone).isoformat(timespec="seconds")
