"""A recording client that places one call with real speech and says exactly what it sent.

The self-test's peer (RFC 7866 §6.1). Knows the server only by its address.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rokuon.machine.clock import monotonic_s
from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.rs_metadata import Party
from rokuon.selftest.session import OutgoingSession
from rokuon.selftest.session_description import AnsweredStream
from rokuon.selftest.signalling import Target, connect
from rokuon.selftest.sources import Source, open_sources
from rokuon.selftest.speaker import Speaker, StreamResult
from rokuon.selftest.speech_files import Language, Side, speech

# RFC 3550 §6.2: the customary interval of reports.
REPORT_EVERY_S: Final = 5.0
SIDES: Final = (Side.CUSTOMER, Side.AGENT)


@dataclass(frozen=True, slots=True)
class HoldPeriod:
    """A rest of the call, in seconds from its beginning."""

    at_s: float
    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScript:
    """What happens in the call: who speaks, for how long, and when it rests."""

    language: Language
    customer: Party
    agent: Party
    duration_s: float
    holds: tuple[HoldPeriod, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """What was placed: `setup_s` is from INVITE to 200, `streams` are customer's and agent's."""

    call_id: str
    setup_s: float
    ended_by_server: bool
    streams: tuple[StreamResult, ...]


def japanese_call(duration_s: float) -> CallScript:
    """Sato asks Ms Tanaka for a recording; names and numbers are invented."""
    return CallScript(
        language=Language.JAPANESE,
        customer=Party(aor="sip:+81300001234@carrier.example", name="佐藤", language="ja"),
        agent=Party(aor="sip:201@pbx.example", name="田中", language="ja"),
        duration_s=duration_s,
    )


def english_call(duration_s: float) -> CallScript:
    """Alex Morgan asks Ms Tanaka for a recording; names and numbers are invented."""
    return CallScript(
        language=Language.ENGLISH,
        customer=Party(aor="sip:+442079460958@carrier.example", name="Alex Morgan", language="en"),
        agent=Party(aor="sip:201@pbx.example", name="Tanaka", language="en"),
        duration_s=duration_s,
    )


class _Call:
    def __init__(
        self, session: OutgoingSession, speakers: list[Speaker], script: CallScript
    ) -> None:
        self._session, self._speakers, self._script = session, speakers, script
        self._begun_s = monotonic_s()

    def speak(self, answered: Sequence[AnsweredStream]) -> None:
        """Let both sides speak to where the server said."""
        for speaker, side, to in zip(self._speakers, SIDES, answered, strict=True):
            speaker.speak(speech(self._script.language, side), to)

    async def follow_script(self) -> None:
        """The holds and the length of the script."""
        for hold in self._script.holds:
            await self._wait_until(hold.at_s)
            for speaker in self._speakers:
                await speaker.rest()
            await self._session.hold()
            await self._wait_until(hold.at_s + hold.for_s)
            self.speak(await self._session.resume())
        await self._wait_until(self._script.duration_s)

    async def report(self) -> None:
        """A sender report of each side, again and again."""
        while True:
            for speaker in self._speakers:
                await speaker.report()
            await asyncio.sleep(REPORT_EVERY_S)

    async def run(self) -> None:
        """Until the script is done or the server ends the call."""
        async with asyncio.TaskGroup() as group:
            script = group.create_task(self.follow_script(), name="script")
            ended = group.create_task(self._session.ended_by_server.wait(), name="ended")
            reports = group.create_task(self.report(), name="reports")
            await asyncio.wait((script, ended), return_when=asyncio.FIRST_COMPLETED)
            for task in (script, ended, reports):
                task.cancel()

    async def _wait_until(self, at_s: float) -> None:
        await asyncio.sleep(max(0.0, self._begun_s + at_s - monotonic_s()))


async def _converse(
    session: OutgoingSession, sources: Sequence[Source], script: CallScript
) -> CallResult:
    asked_s = monotonic_s()
    answered = await session.begin((script.customer, script.agent))
    setup_s = monotonic_s() - asked_s
    with MediaEngine(sources, max_streams=1, slots=len(SIDES)) as engine:
        speakers = [
            Speaker(side, engine, source, number)
            for number, (side, source) in enumerate(zip(SIDES, sources, strict=True))
        ]
        call = _Call(session, speakers, script)
        call.speak(answered)
        await call.run()
        streams = tuple([await speaker.stop() for speaker in speakers])
    if not session.ended_by_server.is_set():
        await session.end()
    return CallResult(
        call_id=session.dialog.call_id.decode(),
        setup_s=setup_s,
        ended_by_server=session.ended_by_server.is_set(),
        streams=streams,
    )


async def place_call(target: Target, script: CallScript) -> CallResult:
    """Place the call, speak, hang up; what was sent.

    Raises `CallRefused`, `PeerSilent`, `PeerGone`, `AnswerUnusable` or `OSError`; within the
    call they come in an `ExceptionGroup`.
    """
    async with connect(target) as signalling:
        host = signalling.local.rpartition(b":")[0].decode()
        with open_sources(host, len(SIDES)) as sources:
            session = OutgoingSession(signalling, target, [source.port for source in sources])
            try:
                return await _converse(session, sources, script)
            finally:
                session.forget()
