"""Conversations as parts that the keeper adopts: a recording for each leg.

Of a call that was not recorded it is a page of the ledger, of a destroyed one nothing. Notes are
not there: people write them afterwards (`eval.loading.notes`).
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from archive.call.adoption import Adoption, PartStreams, StreamPackets, StreamSound
from archive.call.events import (
    CallEnded,
    CallIdKnown,
    CallOpened,
    CallRefused,
    Event,
    Format,
    Name,
    ParticipantChanged,
    RouteTaken,
    StreamAdded,
    StreamPartyKnown,
)
from archive.call.mentions import Mention, Mentioned
from archive.ids import DEFAULT_TENANT, KeyId, NodeId, PartName, RecordingId, uuid7
from eval.loading.agents_table import persona_name
from eval.world.agents import QUEUES
from eval.world.calendar import US
from eval.world.surnames import surnames
from eval.world.world import DIALLED, REASONS, TAGS, Fate, World

_FORMATS: Final = (Format(payload_type=0, encoding="PCMU", clock_rate_hz=8_000),)
_HIDDEN: Final = "sip:anonymous@anonymous.invalid"


def adoptions_of(world: World, calls: Iterable[int]) -> Iterator[Adoption]:
    """The parts of these."""
    for call in calls:
        if world.fate[call] == Fate.NOT_RECORDED:
            yield _part(_refused(world, call), call, 0, world.begins_us(call))
        elif world.fate[call] == Fate.RECORDED:
            for leg in range(1 + int(world.persona2[call] >= 0)):
                told = list(_Leg(world, call, leg).events())
                yield _part(told, call, leg, told[0].at_us)


def customer_of(world: World, call: int) -> str:
    """The address of the outside party."""
    number = int(world.number[call])
    return f"sip:+{number}@carrier.example;user=phone" if number else _HIDDEN


def participant_of(call: int, stream: int, leg: int) -> str:
    """The id of who speaks on a stream of a leg."""
    return f"{2 * call + stream:015x}{leg}"


class _Leg:
    """A customer with one agent; the second begins where the first ends."""

    def __init__(self, world: World, call: int, leg: int) -> None:
        self._world, self._call, self._leg = world, call, leg
        length_us = int(world.length_s[call]) * US
        legs = 1 + int(world.persona2[call] >= 0)
        self._at_us = world.begins_us(call) + leg * length_us // legs
        self._until_us = self._at_us + length_us // legs
        self._persona = int((world.persona2 if leg else world.persona)[call])
        extension = int((world.extension2 if leg else world.extension)[call])
        self._agent = f"sip:{extension}@pbx.example"
        self._customer = customer_of(world, call)

    def events(self) -> Iterator[Event]:
        """What the recording holds of it, in order."""
        yield self._opened()
        yield self._mentioned()
        yield CallIdKnown(at_us=self._at_us, kind="ucid", value=f"{self._call:016x}")
        yield from self._people()
        yield self._route()
        yield from self._hold()
        yield CallEnded(at_us=self._until_us, reason="bye")

    def _opened(self) -> CallOpened:
        outbound = bool(self._world.outbound[self._call])
        caller, called = self._customer, self._agent
        if outbound:
            caller, called = called, caller
        return CallOpened(
            at_us=self._at_us,
            source="trunk-1",
            node="rokuon-1",
            mode="inline",
            transport="tcp",
            peer="192.0.2.7:5060",
            call_id=f"{self._call:024x}.{self._leg}@192.0.2.7",
            from_uri=caller,
            from_name="",
            to_uri=called,
            to_name="",
            request_uri=called,
            country="JP",
            zone="Asia/Tokyo",
        )

    def _mentioned(self) -> Mentioned:
        world, call = self._world, self._call
        mentions = []
        if not world.outbound[call]:
            dialled = f"sip:{DIALLED[int(world.dialled[call])]}@pbx.example"
            mentions = [
                Mention(told_as="caller", address=self._customer, key="From"),
                Mention(told_as="dialled", address=dialled, key="Diversion"),
            ]
        return Mentioned(at_us=self._at_us, by="headers", mentions=tuple(mentions))

    def _hold(self) -> Iterator[Event]:
        """The customer waits, in the first leg, for a sixth of it."""
        if not self._world.held[self._call] or self._leg:
            return
        length_us = self._until_us - self._at_us
        customer = participant_of(self._call, 0, self._leg)
        begin_us, end_us = self._at_us + length_us // 3, self._at_us + length_us // 2
        yield ParticipantChanged(at_us=begin_us, what="held", participant=customer)
        yield ParticipantChanged(at_us=end_us, what="resumed", participant=customer)

    def _people(self) -> Iterator[Event]:
        world, call, at_us = self._world, self._call, self._at_us
        written, _, letters = persona_name(world.agents, self._persona)
        surname = int(world.surname[call])
        names = (Name(surnames().written[surname], "ja"),) if surname >= 0 else ()
        sides = (
            ("customer", self._customer, names),
            ("agent", self._agent, (Name(written, "ja"), Name(letters))),
        )
        for stream, (side, aor, told) in enumerate(sides):
            participant = participant_of(call, stream, self._leg)
            yield StreamAdded(
                at_us=at_us,
                stream=stream,
                label=f"{96 + stream}",
                local_port=10_000 + 2 * stream,
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
                names=told,
                side="customer" if side == "customer" else "agent",
                because="internal_domain",
            )

    def _route(self) -> RouteTaken:
        world, call = self._world, self._call
        tag, order = int(world.tag[call]), int(world.order[call])
        tags = (TAGS[tag],) * (tag >= 0) + (f"{order:07}",) * (order >= 0)
        outbound = bool(world.outbound[call])
        return RouteTaken(
            at_us=self._at_us,
            route="main",
            target="pbx",
            mode="yes",
            direction="outbound" if outbound else "inbound",
            queue="" if outbound else QUEUES[int(world.queue[call])],
            tags=tags,
        )


def _refused(world: World, call: int) -> list[Event]:
    at_us = world.begins_us(call)
    refused = CallRefused(
        at_us=at_us,
        source="trunk-1",
        transport="udp",
        peer="192.0.2.9:5060",
        call_id=f"{call:024x}@192.0.2.9",
        from_value=f"<{customer_of(world, call)}>;tag=1",
        to_value="<sip:0120123000@pbx.example>",
        status=503,
        reason=REASONS[int(world.reason[call])],
    )
    return [refused, CallEnded(at_us=at_us + 1, reason="session_ended")]


def recording_of(call: int, leg: int, at_us: int) -> RecordingId:
    """The id of a leg's recording."""
    own = hashlib.blake2b(f"{call}.{leg}".encode(), digest_size=10).digest()
    return RecordingId(uuid7(at_us, own))


def _part(told: list[Event], call: int, leg: int, at_us: int) -> Adoption:
    own = recording_of(call, leg, at_us)
    last_us = max(event.at_us for event in told)
    packets = (last_us - at_us) * 50 // US
    name = PartName(own, 0)
    path = f"{DEFAULT_TENANT}/world/{name}"
    return Adoption(
        part_name=name,
        tenant=DEFAULT_TENANT,
        node=NodeId(b"evaluated node 1"),
        key_id=KeyId(hashlib.blake2b(own.raw, digest_size=16).digest()),
        path=f"{path}.rkn",
        map_path=f"{path}.rkm",
        size_bytes=200 * packets,
        sha256=hashlib.sha256(own.raw).digest(),
        segments=packets // 20 + 1,
        created_us=at_us,
        first_us=at_us,
        last_us=last_us,
        events=tuple(enumerate(told)),
        packets=tuple(StreamPackets(stream=each, packets=packets) for each in range(2)),
        lost=(),
        end_reason="bye",
        is_last=True,
        streams=PartStreams(
            sequences=(),
            sounds=tuple(StreamSound(each, "PCMU", ((at_us, last_us),)) for each in range(2)),
        ),
    )
