"""Names of SIP URIs, looked up in DNS and in the system's own tables (RFC 3263).

Thin: which names are asked for and in which order hops are tried is said by `capture.sip.targets`.
Knows no message.
"""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdata
import dns.resolver
import structlog
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.SRV import SRV

from capture.sip.targets import Hop, Host, Naptr, Question, Record, Srv, hops, questions

# One server's time, and all servers' together: a caller waits for three such questions at worst.
TRY_S: Final = 1.0
ANSWER_S: Final = 3.0
# How long it is believed that something is not there, and not asked again who did not answer.
ABSENT_S: Final = 30.0
SILENT_S: Final = 5.0
# The system's tables name no time, and a mistake in DNS should heal within the hour.
TABLE_S: Final = 60.0
LONGEST_S: Final = 3600.0
# A node calls a few dozen names; each has a handful of questions.
MAX_CACHED: Final = 1024
# Larger sets exist by mistake only.
MAX_RECORDS: Final = 64
# Questions under way at once.
MAX_ASKING: Final = 64
_FAMILIES: Final = {"A": socket.AF_INET, "AAAA": socket.AF_INET6}

Table = Callable[[str, socket.AddressFamily], Awaitable[list[str]]]
"""Addresses of a name in the system's own tables; [] where it is in none."""
log = structlog.get_logger("capture.sip")


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """What was said to a question, and until when that is believed."""

    records: tuple[Record, ...]
    until_s: float


class Resolver:
    """Finds the hops of URIs; `chance` is for weights, `clock` that of the loop."""

    def __init__(
        self,
        server: dns.asyncresolver.Resolver,
        table: Table,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._server, self._table, self._clock, self._chance = server, table, clock, chance
        self._known: OrderedDict[Question, CachedAnswer] = OrderedDict()
        self._asking = asyncio.Semaphore(MAX_ASKING)
        self._turns: dict[Question, asyncio.Lock] = {}

    async def hops(self, uri: bytes) -> tuple[Hop, ...]:
        """Where a request to `uri` may be sent, in order; () where nothing is known of it."""
        records: dict[Question, tuple[Record, ...]] = {}
        while missing := questions(uri, records):
            async with asyncio.TaskGroup() as group:
                asked = [
                    (each, group.create_task(self._records(each), name=f"DNS {each.kind}"))
                    for each in missing
                ]
            records |= {each: task.result() for each, task in asked}
        return hops(uri, records, self._chance)

    async def _records(self, question: Question) -> tuple[Record, ...]:
        """One asks, and the others that want to know at the same time wait for what it finds."""
        if not self._is_fresh(question):
            async with self._turns.setdefault(question, asyncio.Lock()):
                if not self._is_fresh(question):
                    async with self._asking:
                        found = await self._found(question, self._known.get(question))
                    self._known[question] = found
            self._turns.pop(question, None)
        return self._used(question).records

    def _is_fresh(self, question: Question) -> bool:
        known = self._known.get(question)
        return known is not None and self._clock() < known.until_s

    def _used(self, question: Question) -> CachedAnswer:
        known = self._known[question]
        self._known.move_to_end(question)
        while len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)
        return known

    async def _found(self, question: Question, before: CachedAnswer | None) -> CachedAnswer:
        """What DNS says, else the tables; while both are silent, what was known (RFC 8767 §4)."""
        try:
            records, lasts_s = await self._asked(question)
        except dns.exception.DNSException as error:
            log.warning("name not resolved", kind=question.kind, reason=type(error).__name__)
            records, lasts_s = () if before is None else before.records, SILENT_S
        if not records and question.kind in _FAMILIES:
            listed = await self._table(question.name, _FAMILIES[question.kind])
            if listed:
                records, lasts_s = tuple(Host(each) for each in listed), TABLE_S
        return CachedAnswer(records[:MAX_RECORDS], self._clock() + lasts_s)

    async def _asked(self, question: Question) -> tuple[tuple[Record, ...], float]:
        """The records and how long they last; raises `DNSException` where nobody says."""
        try:
            answer = await self._server.resolve(
                question.name, question.kind, raise_on_no_answer=False, lifetime=ANSWER_S
            )
        except dns.resolver.NXDOMAIN:
            return (), ABSENT_S
        if answer.rrset is None:
            return (), ABSENT_S
        return tuple(_read(answer.rrset)), min(answer.chaining_result.minimum_ttl, LONGEST_S)


def _read(rdatas: Iterable[dns.rdata.Rdata]) -> Iterable[Record]:
    for rdata in rdatas:
        match rdata:
            case A() | AAAA():
                yield Host(rdata.address)
            case SRV():
                yield Srv(
                    priority=rdata.priority,
                    weight=rdata.weight,
                    port=rdata.port,
                    target=_text(rdata.target),
                )
            case NAPTR():
                yield Naptr(
                    order=rdata.order,
                    preference=rdata.preference,
                    flags=rdata.flags.decode("ascii", "replace"),
                    service=rdata.service.decode("ascii", "replace"),
                    replacement=_text(rdata.replacement),
                )


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def configured_server() -> dns.asyncresolver.Resolver:
    """The DNS servers that this machine uses; none where it names none."""
    try:
        server = dns.asyncresolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        server = dns.asyncresolver.Resolver(configure=False)
    server.timeout = TRY_S
    return server


async def system_table(name: str, family: socket.AddressFamily) -> list[str]:
    """What the system itself knows of a name: /etc/hosts, and what else it is set up to ask."""
    loop = asyncio.get_running_loop()
    try:
        found = await asyncio.wait_for(
            loop.getaddrinfo(name, None, family=family, type=socket.SOCK_DGRAM), ANSWER_S
        )
    except (OSError, TimeoutError, UnicodeError):
        return []
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
