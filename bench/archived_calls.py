"""Calls of a Japanese call centre as the keeper hands them to the catalog, any number of them.

The same seed gives the same calls. Every kind of thing that the catalog can hold of a call is in
some of them. Knows nothing of tables.
"""

import hashlib
from collections.abc import Iterator
from random import Random
from typing import Final

from archive.call.adoption import (
    Adoption,
    LostRange,
    PartStreams,
    SequenceRange,
    StreamPackets,
    StreamSound,
)
from archive.call.events import (
    CallEnded,
    CallIdKnown,
    CallOpened,
    CallRefused,
    CommunicationSessionKnown,
    Event,
    Format,
    MetadataReceived,
    Name,
    ParticipantChanged,
    RecordingPaused,
    RecordingResumed,
    RouteTaken,
    StreamAdded,
    StreamPartyKnown,
    Tolerated,
)
from archive.call.mentions import Mention, Mentioned
from archive.ids import DEFAULT_TENANT, KeyId, NodeId, PartName, RecordingId, uuid7

# 2026-01-05 00:00 UTC, a Monday.
FIRST_US: Final = 1_767_571_200_000_000
SECOND_US: Final = 1_000_000
AGENTS: Final = 300
# Of whom so many are of this team, and the others of so many larger ones.
SMALL_TEAM: Final = "small"
_IN_SMALL_TEAM, _TEAMS = 5, 20
# Of the recordings that have one; who asks of them acts for it.
PURPOSE: Final = "quality"
SOURCES: Final = ("sbc-tokyo", "sbc-osaka", "trunk-1")
# One in so many calls is of this kind.
_JOINED, _INLINE, _TOLERATED, _PAUSED, _LOSSY, _REFUSALS, _TWO_PARTS = 8, 3, 3, 10, 12, 20, 8
# Among so many calls every kind is there.
EVERY_KIND: Final = 40
_FAMILIES: Final = (
    ("佐藤", "サトウ", "Sato"), ("鈴木", "スズキ", "Suzuki"), ("高橋", "タカハシ", "Takahashi"),
    ("田中", "タナカ", "Tanaka"), ("伊藤", "イトウ", "Ito"), ("渡辺", "ワタナベ", "Watanabe"),
    ("山本", "ヤマモト", "Yamamoto"), ("中村", "ナカムラ", "Nakamura"),
    ("小林", "コバヤシ", "Kobayashi"), ("加藤", "カトウ", "Kato"),
    ("吉田", "ヨシダ", "Yoshida"), ("大野", "オオノ", "Ono"),
)  # fmt: skip
_GIVEN: Final = (
    ("真由", "マユ", "Mayu"), ("恵", "メグミ", "Megumi"), ("守", "マモル", "Mamoru"),
    ("健一", "ケンイチ", "Kenichi"), ("由美子", "ユミコ", "Yumiko"), ("翔太", "ショウタ", "Shota"),
    ("直樹", "ナオキ", "Naoki"), ("さくら", "サクラ", "Sakura"), ("誠", "マコト", "Makoto"),
    ("明美", "アケミ", "Akemi"), ("拓海", "タクミ", "Takumi"),
)  # fmt: skip
_FORMATS: Final = (
    Format(payload_type=8, encoding="PCMA", clock_rate_hz=8_000),
    Format(payload_type=0, encoding="PCMU", clock_rate_hz=8_000),
    Format(payload_type=101, encoding="telephone-event", clock_rate_hz=8_000, fmtp="0-16"),
)


def extension_of(agent: int) -> str:
    """The number at which an agent sits."""
    return f"{2_000 + agent % AGENTS}"


def person(number: int) -> tuple[str, str, str]:
    """A name as it is written, read, and in Roman letters."""
    family = _FAMILIES[number % len(_FAMILIES)]
    given = _GIVEN[number // len(_FAMILIES) % len(_GIVEN)]
    return f"{family[0]} {given[0]}", f"{family[1]} {given[1]}", f"{family[2]} {given[2]}"


def agents_csv() -> bytes:
    """The table of the agents, as `rokuon agents import` takes it."""
    lines = ["agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to,team"]
    for agent in range(AGENTS):
        team = SMALL_TEAM if agent < _IN_SMALL_TEAM else f"team {agent % _TEAMS}"
        lines.append(f"A{agent:03},{','.join(person(agent))},,{extension_of(agent)},,,{team}")
    return "\n".join(lines).encode()


def archived_calls(count: int, *, seed: int, every_us: int) -> Iterator[Adoption]:
    """The parts of so many calls, one begun every `every_us`; and ledger pages of refused ones."""
    dice = Random(seed)  # noqa: S311  # what is drawn must be the same each time
    joined = 0
    for number in range(count):
        at_us = FIRST_US + number * every_us
        # Two that follow each other are of one call: the second one names a group as well.
        group = number - 1 if number % _JOINED == 1 else number
        joined = dice.getrandbits(64) if group == number else joined
        yield from _parts(_Call(dice, number, at_us, f"{joined:016x}").events(), dice, at_us)
        if number % _REFUSALS == 0:
            yield from _parts(_refusals(dice, at_us + SECOND_US), dice, at_us + SECOND_US)


class _Call:
    """One call: who speaks with whom, and what is told of it."""

    def __init__(self, dice: Random, number: int, at_us: int, joined: str) -> None:
        self._dice, self._number, self._at_us, self._joined = dice, number, at_us, joined
        self._agent = dice.randrange(AGENTS)
        self._customer = f"+81{dice.choice(('3', '6', '90'))}{dice.randrange(10**8):08}"
        self._length_us = round(min(3_600, dice.lognormvariate(5, 0.9)) * SECOND_US) + SECOND_US
        self._is_inline = number % _INLINE == 0

    def events(self) -> list[Event]:
        """What the recording holds of it, in order."""
        told: list[Event] = [self._opened(), self._mentioned(), *self._ids(), *self._people()]
        told += self._route() if self._is_inline else []
        told += self._pause() if self._number % _PAUSED == 0 else []
        if self._number % _TOLERATED == 0:
            code = f"TOL-{1 + self._number % 20:03}"
            told.append(Tolerated(at_us=self._at_us, code=code, detail="Contact without brackets"))
        told.append(CallEnded(at_us=self._at_us + self._length_us, reason="bye"))
        return told

    def _opened(self) -> CallOpened:
        return CallOpened(
            at_us=self._at_us,
            source=SOURCES[self._number // _JOINED % len(SOURCES)],
            node="rokuon-1",
            mode="inline" if self._is_inline else "siprec",
            transport="tcp",
            peer="192.0.2.7:5060",
            call_id=f"{self._dice.getrandbits(128):032x}@192.0.2.7",
            from_uri=f"sip:{self._customer}@carrier.example;user=phone",
            from_name="",
            to_uri=f"sip:{extension_of(self._agent)}@pbx.example",
            to_name="",
            request_uri="sip:srs@rokuon.example;transport=tcp",
            country="JP",
            zone="Asia/Tokyo",
        )

    def _mentioned(self) -> Mentioned:
        caller = f"sip:{self._customer}@carrier.example"
        return Mentioned(
            at_us=self._at_us,
            by="headers",
            mentions=(
                Mention(told_as="caller", address=caller, key="From"),
                Mention(told_as="dialled", address="sip:0120000123@pbx.example", key="Diversion"),
                Mention(told_as="queue", name="Support", key="X-Queue"),
            ),
        )

    def _ids(self) -> Iterator[Event]:
        at_us, dice = self._at_us, self._dice
        yield CallIdKnown(at_us=at_us, kind="ucid", value=self._joined)
        yield CallIdKnown(at_us=at_us, kind="session_id", value=f"{dice.getrandbits(128):032x}")
        yield CallIdKnown(at_us=at_us, kind="call_id", value=f"{dice.getrandbits(96):024x}@pbx")
        group = f"{dice.getrandbits(64):016x}" if self._number % _JOINED == 1 else ""
        yield CommunicationSessionKnown(
            at_us=at_us, communication_session=f"{dice.getrandbits(64):016x}", group=group
        )

    def _people(self) -> Iterator[Event]:
        at_us = self._at_us
        yield MetadataReceived(
            at_us=at_us, content_type="application/rs-metadata+xml", body=b"", is_complete=True
        )
        caller = person(self._dice.randrange(1_000))
        sides = (
            ("customer", f"sip:{self._customer}@carrier.example", caller),
            ("agent", f"sip:{extension_of(self._agent)}@pbx.example", person(self._agent)),
        )
        for stream, (side, aor, names) in enumerate(sides):
            participant = f"{self._dice.getrandbits(64):016x}"
            yield StreamAdded(
                at_us=at_us,
                stream=stream,
                label=f"{96 + stream}",
                local_port=10_000 + 4 * self._number % 20_000 + 2 * stream,
                formats=_FORMATS,
                direction="recvonly",
            )
            yield ParticipantChanged(
                at_us=at_us, what="joined", participant=participant, aor=aor, told_us=at_us
            )
            yield StreamPartyKnown(
                at_us=at_us,
                stream=stream,
                participant=participant,
                aor=aor,
                names=(Name(names[0], "ja"), Name(names[2])),
                side="customer" if side == "customer" else "agent",
                because="internal_domain",
            )

    def _route(self) -> Iterator[Event]:
        queue = ("support", "sales", "billing")[self._number // _INLINE % 3]
        yield RouteTaken(
            at_us=self._at_us,
            route="main",
            target="pbx",
            mode="yes",
            direction="inbound",
            queue=queue,
            purpose=PURPOSE,
            controller="Example K.K.",
            tags=("gold", queue),
        )

    def _pause(self) -> Iterator[Event]:
        begin_us, end_us = (self._at_us + self._length_us * part // 3 for part in (1, 2))
        yield RecordingPaused(at_us=begin_us, serial=1, by="agent desktop", reason="card")
        yield RecordingResumed(at_us=end_us, serial=1, by="agent desktop", because="asked")


def _refusals(dice: Random, at_us: int) -> list[Event]:
    """A ledger page: calls that were turned away."""
    refused = [
        CallRefused(
            at_us=at_us + each,
            source=SOURCES[each % len(SOURCES)],
            transport="udp",
            peer="192.0.2.9:5060",
            call_id=f"{dice.getrandbits(96):024x}@192.0.2.9",
            from_value=f"<sip:+8190{dice.randrange(10**8):08}@carrier.example>;tag=1",
            to_value="<sip:srs@rokuon.example>",
            status=503,
            reason="full",
            detail="calls",
        )
        for each in range(3)
    ]
    return [*refused, CallEnded(at_us=at_us + 3, reason="session_ended")]


def _parts(told: list[Event], dice: Random, at_us: int) -> Iterator[Adoption]:
    own = RecordingId(uuid7(at_us, dice.randbytes(10)))
    numbered = tuple(enumerate(told))
    last_us = max(event.at_us for event in told)
    count = 2 if dice.randrange(_TWO_PARTS) == 0 else 1
    packets = (last_us - at_us) * 50 // SECOND_US // count
    for part in range(count):
        name = PartName(own, part)
        path = f"{DEFAULT_TENANT}/2026/01/05/{name}"
        streams = range(2 if packets else 0)
        lossy = dice.randrange(_LOSSY) == 0 and packets > 0
        yield Adoption(
            part_name=name,
            tenant=DEFAULT_TENANT,
            node=NodeId(b"benchmark node 1"),
            key_id=KeyId(dice.randbytes(16)),
            path=f"{path}.rkn",
            map_path=f"{path}.rkm",
            size_bytes=200 * packets,
            sha256=hashlib.sha256(own.raw + bytes([part])).digest(),
            segments=packets // 20 + 1,
            created_us=at_us,
            first_us=at_us,
            last_us=last_us,
            events=numbered,
            packets=tuple(StreamPackets(stream=each, packets=packets) for each in streams),
            lost=(LostRange(stream=0, from_us=at_us, until_us=at_us, packets=1),) if lossy else (),
            end_reason="bye",
            is_last=part == count - 1,
            streams=_streams(dice, (at_us, last_us), len(streams), packets),
        )


def _streams(dice: Random, within_us: tuple[int, int], streams: int, packets: int) -> PartStreams:
    """Each sounds all the time."""
    return PartStreams(
        sequences=tuple(
            SequenceRange(stream=each, ssrc=dice.getrandbits(32), first=0, last=packets % 65_536)
            for each in range(streams)
        ),
        sounds=tuple(StreamSound(each, "PCMU", (within_us,)) for each in range(streams)),
    )
