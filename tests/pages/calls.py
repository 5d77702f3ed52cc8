"""Calls as an archive to look at has them: the usual ones, and one all of whose words are long."""

from typing import Final

import msgspec

from archive.call.events import (
    CallEnded,
    CallRefused,
    Event,
    Flagged,
    Name,
    NameId,
    ParticipantChanged,
    RecordingPaused,
    RecordingResumed,
    RouteTaken,
    SipMessage,
)
from archive.call.live import LiveCall, LiveParty, Trouble
from archive.reading.dat import PEAKS_8_BITS, PEAKS_HEAD, PEAKS_VERSION
from archive.reading.lanes import Lane
from archive.reading.waveform import Blank, CallWaveform, Channel
from tests.api.examples import LIVE
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    notice_played,
    notice_reported,
    opened,
    party,
    recording_id,
    stream,
)

# One name, and nothing in it at which a line could break but between its letters.
_ENDLESS: Final = (
    "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処藪ら柑子の藪柑子"
    "パイポパイポパイポのシューリンガンシューリンガンのグーリンダイ"
    "グーリンダイのポンポコピーのポンポコナーの長久命の長助"
)
_BINS, _RATE_HZ, _BIN = 540, 8_000, 8_000
LENGTH_US: Final = 9 * MINUTE_US


def endless(chars: int) -> str:
    """A name of that many letters."""
    return (_ENDLESS * (chars // len(_ENDLESS) + 1))[:chars]


# Nowhere in it a line would break by itself.
WORD: Final = "kabushikigaisharokuondaiichieigyoubuokyakusamasoudanmadoguchi001"
LONG_AGENTS: Final = f"""agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
{WORD},{endless(80)},{"ジュゲム" * 20},{WORD},{endless(60)};{endless(50)},2001,2026-10-01,
B1,{endless(64)},{"ゴコウノスリキレ" * 8},{WORD},,2002,,
"""


def _moves(customer: str, agent: str) -> tuple[Event, ...]:
    """Who comes, is put on hold, is transferred, and why nothing is kept meanwhile."""
    at = [STARTED_US + number * MINUTE_US for number in range(9)]
    one, other = f"participant of {customer}", f"participant of {agent}"
    return (
        ParticipantChanged(at_us=at[1], what="held", participant=other, aor=agent),
        ParticipantChanged(at_us=at[2], what="resumed", participant=other, aor=agent),
        ParticipantChanged(at_us=at[5], what="transferred", participant=other, aor=agent),
        ParticipantChanged(at_us=at[8], what="left", participant=one, aor=customer),
    )


def _paused(by: str, reason: str) -> tuple[Event, ...]:
    at_us = STARTED_US + 3 * MINUTE_US
    return (
        RecordingPaused(at_us=at_us, serial=0, by=by, reason=reason),
        RecordingResumed(at_us=at_us + MINUTE_US, serial=0, by=by, because="asked"),
    )


def usual_call() -> tuple[Event, ...]:
    """Everything that can be said of a call."""
    route = RouteTaken(
        at_us=STARTED_US, route="main", target="pbx", mode="required", queue="解約",
        controller="acme", tags=("苦情",),
    )  # fmt: skip
    return (
        msgspec.structs.replace(opened(), mode="inline"),
        route,
        stream(0),
        stream(1),
        party(0, CUSTOMER, "customer", names=("佐藤",)),
        party(1, AGENT, "agent"),
        notice_played(),
        notice_reported(2),
        *_moves(CUSTOMER, AGENT),
        *_paused("yamada", "カード番号"),
        Flagged(at_us=STARTED_US, flag="wrong_codec", detail="G729"),
        CallEnded(at_us=STARTED_US + LENGTH_US, reason="bye"),
    )


def long_call(number: int = 0) -> tuple[Event, ...]:
    """The same, said by people and machines that find no end."""
    began = STARTED_US + number * SECOND_US
    customer, agent = f"sip:{endless(60)}@carrier.example", f"sip:{WORD}@pbx.example"
    route = RouteTaken(
        at_us=began, route=endless(60), target="pbx", mode="required", queue=endless(60),
        controller=endless(60), tags=tuple(endless(60 + each) for each in range(3)),
    )  # fmt: skip
    notice = msgspec.structs.replace(
        notice_played(), wording=endless(200), prompt=WORD, outcome="cut_short"
    )
    joined = ParticipantChanged(
        at_us=began, what="joined", participant="third", aor=f"sip:{WORD}@x",
        name_ids=(NameId(aor=f"sip:{WORD}@x", names=(Name(endless(120)),)),),
    )  # fmt: skip
    return (
        msgspec.structs.replace(opened(began), mode="inline", source=WORD, from_name=endless(90)),
        route,
        stream(0, began),
        stream(1, began),
        party(0, customer, "customer", names=(endless(120),), because="first_stream", at_us=began),
        party(1, agent, "agent", names=(endless(100),), because="first_stream", at_us=began),
        joined,
        notice,
        notice_reported(2),
        *_moves(customer, agent),
        *_paused(WORD, endless(200)),
        Flagged(at_us=began, flag="wrong_codec", detail=WORD),
        CallEnded(at_us=began + LENGTH_US, reason="bye"),
    )


def unknown_call() -> tuple[Event, ...]:
    """A call of which next to nothing is known."""
    return (opened(), CallEnded(at_us=STARTED_US + LENGTH_US, reason="bye"))


def unrecorded(words: str) -> tuple[Event, ...]:
    """A page of calls without a recording."""
    told = CallRefused(
        at_us=STARTED_US + 5 * SECOND_US, source="sbc-tokyo", transport="udp", peer="192.0.2.7",
        call_id="refused", from_value=f'"{words}" <sip:{words}@carrier.example>',
        to_value=f"<sip:{words}@pbx.example>", status=503, reason="full",
    )  # fmt: skip
    return (told, CallEnded(at_us=told.at_us, reason="session_ended"))


def drawn(customer: str, agent: str) -> CallWaveform:
    """Two lanes with a beat in each, and why they are silent in between."""
    body = b"".join(bytes((246 - each % 90, 10 + each % 90) * 2) for each in range(_BINS))
    head = PEAKS_HEAD.pack(PEAKS_VERSION, PEAKS_8_BITS, _RATE_HZ, _BIN, _BINS, 2)
    sides = ((customer, "customer"), (agent, "agent"))
    return CallWaveform(
        start_us=STARTED_US,
        length_us=LENGTH_US,
        channels=tuple(
            Channel(
                lanes=(
                    Lane(
                        streams=(number,),
                        participant=f"participant of {who}",
                        side=side,  # type: ignore[arg-type]  # the two sides
                        is_guessed=bool(number),
                    ),
                ),
                packets=490,
                lost=10 * number,
                max_jitter_us=12_000,
            )
            for number, (who, side) in enumerate(sides)
        ),
        peaks=head + body,
        blanks=(
            Blank(from_us=MINUTE_US, until_us=2 * MINUTE_US, because="hold", channels=(1,)),
            Blank(from_us=3 * MINUTE_US, until_us=4 * MINUTE_US, because="pause", channels=(0, 1)),
        ),
        highlights=(),
    )


def said(words: str) -> tuple[SipMessage, ...]:
    """What the two ends of a call wrote."""
    return tuple(
        SipMessage(
            at_us=STARTED_US + number,
            is_received=number == 0,
            transport="udp",
            local="192.0.2.1:5060",
            remote="192.0.2.2:5060",
            data=f"{line}\r\nCall-ID: {words}\r\nContact: <sip:{words}@x>\r\n\r\n".encode(),
        )
        for number, line in enumerate((f"INVITE sip:{words}@x SIP/2.0", f"SIP/2.0 200 {words}"))
    )


def live_call(words: str, name: str) -> LiveCall:
    """A call that is up and in trouble."""
    return msgspec.structs.replace(
        LIVE,
        recording=str(recording_id(40)),
        source=name,
        troubles=(Trouble.ONE_WAY, Trouble.LOSSY, Trouble.WRONG_CODEC),
        paused="asked",
        paused_us=LIVE.started_us,
        marks=msgspec.structs.replace(LIVE.marks, queue=words),
        parties=(
            LiveParty(
                side="customer",
                because="internal_number",
                addresses=("sip:+81312347788@x",),
                names=(words,),
            ),
            LiveParty(
                side="agent", because="first_stream", addresses=(f"sip:{name}@x",), names=(words,)
            ),
            LiveParty(addresses=(f"sip:{name}@y",), names=(words,)),
        ),
    )
