"""Asks the key daemon, over the one socket that the asker can reach.

Knows nothing of keystores, and nothing of connections but that there is one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from archive.access.opening_text import MAX_TEXT_BYTES
from archive.errors import KeyRefused
from archive.format.end import End
from archive.ids import HoldId, KeyId, PlanId, RecordingId, TenantId
from archive.keys.client.line import ANSWER_TIMEOUT_S, KeyLine
from archive.keys.clock_watch import ClockFacts
from archive.keys.errors import Refusal
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Outcome, Why
from archive.keys.guard.facts_keys import FactsKey
from archive.keys.guard.plans import PlanTerms
from archive.keys.store.keystore import KeyState
from archive.keys.store.legal_holds import Fence, HeldKeys, KeptHold
from archive.keys.wire import (
    certificate_messages as certificates,
    guard_messages as guard,
    protocol as wire,
)
from archive.keys.wire.facts_messages import MAX_FACTS, KeepFacts
from archive.keys.wire.message import AnswerT, Question
from archive.keys.wire.opening_messages import ListOpenings, Open, OpeningsAnswer
from archive.lifecycle.plan_text import TextLine, pieces_of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A key that the keystore holds."""

    key_id: KeyId
    state: KeyState


@dataclass(slots=True)
class KeyClient:
    """What the keeper, the API and the retention runner ask, each on its socket; may be shared by
    threads. Longer lists than a message holds go in several.

    Everything raises `KeyRefused` where the daemon says no (its word is the text), and
    `KeyUnavailable` where it cannot be reached or cannot reach its own keys.
    """

    socket_path: Path
    timeout_s: float = ANSWER_TIMEOUT_S
    _line: KeyLine = field(init=False)

    def __post_init__(self) -> None:
        self._line = KeyLine(self.socket_path, self.timeout_s)

    def at_each_connection(self, done: Callable[[], None]) -> None:
        """Do this before anything else is asked of a daemon that may be another than it was."""
        self._line.on_connect = done

    def ask(self, question: Question[AnswerT]) -> AnswerT:
        """Ask anything of the protocol."""
        return self._line.ask(question)

    def adopt(self, page: bytes, header: bytes) -> Adopted:
        """Hand over the first two blocks (4,096 bytes each) of a spool file."""
        answer = self._line.ask(wire.Adopt(page=page, header=header))
        return Adopted(KeyId(answer.key_id), KeyState(answer.state))

    def open_unarchived(self, key_id: KeyId) -> bytearray:
        """The 32-byte key of a part that the catalog does not have yet; zero it after use."""
        return self._line.ask(wire.OpenUnarchived(key_id=key_id.raw)).data_key

    def sign_end(self, key_id: KeyId, header_tag: bytes, end: End) -> bytes:
        """The signature of the END of a part that the keeper finalises."""
        ask = wire.SignEnd(key_id=key_id.raw, header_tag=header_tag, end=end.encode_as_it_is())
        return self._line.ask(ask).signature

    def confirm(self, key_id: KeyId) -> None:
        """Say that the part's object is whole."""
        self._line.ask(wire.Confirm(key_id=key_id.raw))

    def mark_archived(self, key_id: KeyId) -> None:
        """Say that the catalog has the part: the keeper will not ask for its key again."""
        self._line.ask(wire.MarkArchived(key_id=key_id.raw))

    def open(self, key_id: KeyId, entry: bytes) -> bytearray:
        """The 32-byte key under an entry of the journal, whose text this is; zero it after use."""
        if len(entry) > MAX_TEXT_BYTES:
            raise KeyRefused(Refusal.ENTRY_MALFORMED)
        return self._line.ask(Open(key_id=key_id.raw, entry=entry)).data_key

    def openings(self) -> Iterator[OpeningsAnswer]:
        """The entries under which keys were opened, page by page, in the order of their numbers."""
        page = self._line.ask(ListOpenings(after=0))
        yield page
        while page.rows:
            page = self._line.ask(ListOpenings(after=page.rows[-1].number))
            yield page

    def status(self) -> wire.StatusAnswer:
        """How many keys are in which state."""
        return self._line.ask(wire.Status())

    def clock_facts(self) -> ClockFacts:
        """What is known of the clock, and why nothing is destroyed by it."""
        return self.status().clock

    def confirm_clock(self) -> bool:
        """A person says that date and time are right; whether that is enough."""
        return self._line.ask(guard.ConfirmClock()).is_done

    def place_hold(self, hold: HoldId, tenant: TenantId) -> int:
        """Raise the fence and return its generation: from now on nothing of the tenant goes."""
        return self._line.ask(guard.PlaceHold(hold=hold.raw, tenant=tenant.raw)).generation

    def hold_keys(self, hold: HoldId, keys: Sequence[KeyId]) -> HeldKeys:
        """Have the hold keep these keys, and say which came too late."""
        held = HeldKeys()
        for some in _batches(keys, guard.MAX_KEYS):
            ask = guard.HoldKeys(hold=hold.raw, keys=tuple(key.raw for key in some))
            answer = self._line.ask(ask)
            held = HeldKeys(
                held=held.held + answer.held,
                destroyed=(*held.destroyed, *map(KeyId, answer.destroyed)),
                unknown=(*held.unknown, *map(KeyId, answer.unknown)),
                total=answer.total,
            )
        return held

    def holds(self, tenant: TenantId) -> tuple[KeptHold, ...]:
        """The holds of a tenant that the keystore has."""
        found, behind = list[KeptHold](), b""
        while rows := self._line.ask(guard.ListHolds(tenant=tenant.raw, behind=behind)).holds:
            found += (KeptHold(HoldId(raw), is_active, keys) for raw, is_active, keys in rows)
            behind = rows[-1][0]
        return tuple(found)

    def activate_hold(self, hold: HoldId) -> None:
        """The hold has all its keys: lower the fence for it."""
        self._line.ask(guard.ActivateHold(hold=hold.raw))

    def cancel_hold(self, hold: HoldId) -> None:
        """Give up a placing: the hold keeps nothing, the fence is lowered for it."""
        self._until_done(guard.CancelHold(hold=hold.raw))

    def release_hold(self, hold: HoldId) -> None:
        """Let go of all that an active hold keeps."""
        self._until_done(guard.ReleaseHold(hold=hold.raw))

    def fence(self, tenant: TenantId) -> Fence:
        """How many holds the tenant had so far, and how many are being placed."""
        answer = self._line.ask(guard.ReadFence(tenant=tenant.raw))
        return Fence(answer.generation, answer.placing)

    def open_plan(self, plan: PlanId, terms: PlanTerms) -> None:
        """Begin a plan."""
        ask = guard.OpenPlan(
            plan=plan.raw,
            tenant=terms.tenant.raw,
            digest=terms.digest,
            due_us=terms.due_us,
            share_ppm=terms.share_ppm,
        )
        self._until_done(ask)

    def plan_text(self, plan: PlanId, lines: Iterable[TextLine]) -> None:
        """Send the text of an open plan, all of it."""
        for each in pieces_of(lines):
            ask = guard.PlanText(plan=plan.raw, at=each.at, text=each.text, lines=each.lines)
            self._line.ask(ask)

    def seal_plan(self, plan: PlanId) -> None:
        """The plan is approved as its text is."""
        self._line.ask(guard.SealPlan(plan=plan.raw))

    def end_plan(self, plan: PlanId) -> None:
        """Nothing more of the plan is destroyed."""
        self._until_done(guard.EndPlan(plan=plan.raw))

    def destroy(
        self, plan: PlanId, generation: int, recordings: Sequence[RecordingId]
    ) -> tuple[Outcome, ...]:
        """Destroy the keys of recordings that were judged at this generation of the fence."""
        outcomes: list[Outcome] = []
        for some in _batches(recordings, guard.MAX_DESTROYED):
            ids = tuple(recording.raw for recording in some)
            ask = guard.Destroy(plan=plan.raw, generation=generation, recordings=ids)
            answer = self._line.ask(ask)
            outcomes.extend(map(_outcome, some, answer.outcomes))
        return tuple(outcomes)

    def keep_facts(
        self, plan: PlanId, recordings: Sequence[RecordingId]
    ) -> Mapping[RecordingId, FactsKey]:
        """The keys of facts of those that are about to be destroyed; zero them after use."""
        found: dict[RecordingId, FactsKey] = {}
        for some in _batches(recordings, MAX_FACTS):
            ask = KeepFacts(plan=plan.raw, recordings=tuple(own.raw for own in some))
            answer = self._line.ask(ask)
            found |= {
                own: FactsKey(KeyId(raw), key)
                for own, (raw, key) in zip(some, answer.keys, strict=True)
                if raw
            }
        return found

    def certificate(self, plan: PlanId, said: Sequence[bytes], below: str) -> bytes:
        """The certificate of a plan that has ended.

        `said`: what is said of each recording that was destroyed, as SHA-256, in the order of
        their digests; `below`: what the runner says.
        """
        self._line.ask(certificates.BeginCertificate(plan=plan.raw))
        at = 0
        for some in _batches(said, certificates.MAX_SAID):
            ask = certificates.Certify(plan=plan.raw, at=at, said=tuple(some))
            at = self._line.ask(ask).recordings
        ended = certificates.SignCertificate(plan=plan.raw, below=below)
        return self._line.ask(ended).content

    def close(self) -> None:
        """Hang up; the next request connects again."""
        self._line.close()

    def _until_done(self, ask: Question[guard.DoneAnswer]) -> None:
        while not self._line.ask(ask).is_done:
            pass


def _batches(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (items[first : first + size] for first in range(0, len(items), size))


def _outcome(recording: RecordingId, outcome: int | str) -> Outcome:
    if isinstance(outcome, int):
        return DestroyedRecording(recording, outcome)
    return KeptRecording(recording, Why(outcome))
