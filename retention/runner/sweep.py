"""Carries out a plan, a batch of recordings at a time, in the order D1 to D4; may stop anywhere.

Knows nothing of when it may, nor of how files lie. What each step leaves after a kill stands in
`docs/destruction.md`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from msgspec.structs import replace
from sqlalchemy import Connection, Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import (
    StoredLine,
    UnderWay,
    drop,
    drop_rest,
    intend,
    next_planned,
    note_keyless,
    put_back,
    under_way,
)
from archive.catalog.destruction.plans import StoredPlan, note_work, plan_numbered, target_of
from archive.catalog.index.erasure import erase_recordings
from archive.catalog.index.intentions import intentions_of, page_intentions
from archive.catalog.journal.entries import Action, Detail, Entry, append
from archive.catalog.register.kept_facts import forget_facts
from archive.catalog.tables.tenants import tenant_row
from archive.ids import PlanId, RecordingId, TenantId
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.lifecycle.intention import Intention
from retention.decisions.due import Cause
from retention.decisions.run_stages import ACTOR, Stage
from retention.runner.facts_copies import Copying, FactsClient, keys_for
from retention.runner.rechecks import Rechecked, id_of, is_page, rechecked

# Each step's transaction and sync is shared by so many; each waits for its last one.
MAX_BATCH: Final = 32
# No fence has this generation: who asks with it destroys nothing, and hears what is gone.
NO_GENERATION: Final = -1

_DROPPED: Final[Mapping[Why, Cause]] = {
    Why.HELD: Cause.HELD,
    Why.NOT_ARCHIVED: Cause.NOT_ARCHIVED,
    Why.UNKNOWN: Cause.KEY_UNKNOWN,
    Why.NOT_PLANNED: Cause.OTHER_KEYS,
}


class Fence(Protocol):
    """How often a hold was placed, and how many are being placed now."""

    @property
    def generation(self) -> int:
        """Changes with each placing."""

    @property
    def placing(self) -> int:
        """Nothing is destroyed while any is."""


class DestroyingKeys(FactsClient, Protocol):
    """What the runner asks of the key daemon; see `KeyClient`."""

    def fence(self, tenant: TenantId) -> Fence:
        """The tenant's fence."""

    def destroy(
        self, plan: PlanId, generation: int, recordings: Sequence[RecordingId]
    ) -> Sequence[DestroyedRecording | KeptRecording]:
        """All keys of each, or none of it."""


class Remover(Protocol):
    """Who removes files; see `archive.lifecycle.file_removal`."""

    def require_archive(self) -> None:
        """Raise what `remove` would, where the archive is not there."""

    def remove(self, intended: Sequence[Intention]) -> None:
        """Return when all files of these are seen to be gone."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of a batch; `waits` is what the rest waits for, "": nothing."""

    destroyed: int = 0
    kept: int = 0
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The steps over one tenant's catalog; `clock_us` is µs since 1970 UTC."""

    engine: Engine
    keys: DestroyingKeys
    files: Remover
    clock_us: Callable[[], int]
    tenant: TenantId

    def batch(self, plan: StoredPlan, limit: int) -> Swept:
        """Take up to `limit` recordings of a plan all the way. Raises `KeyUnavailable`, `OSError`.

        And `ArchiveAway`, before any key is destroyed.

        The fence is read before they are judged: a hold that comes later makes the daemon refuse.
        """
        self.files.require_archive()
        fence = self.keys.fence(self.tenant)
        if fence.placing:
            return Swept(waits=Why.PLACING)
        kept, intended = self._intend(plan, self._next(plan, min(limit, MAX_BATCH)))
        if not intended:
            return Swept(kept=kept)
        waits, dropped = self._destroy(plan, fence.generation, intended)
        return Swept(self.finish(plan), kept + dropped, waits)

    def resume(self, plan: StoredPlan) -> int:
        """Take up what was cut off: what has lost its keys goes, the rest is as if not begun.

        How many went. Raises as `batch` does.
        """
        with reading(self.engine) as connection:
            found = under_way(connection, tenant_row(connection, self.tenant), plan.number)
        intended = [each.line for each in found if each.line.stage == Stage.INTENDED]
        if intended:
            self._ask_and_note(plan, NO_GENERATION, intended, put_back_for=frozenset(Why))
        if plan.course.ended_us is not None:
            with writing(self.engine) as connection:
                tenant = tenant_row(connection, self.tenant)
                drop_rest(connection, tenant, plan.number, Cause.STOPPED)
        return self.finish(plan)

    def finish(self, plan: StoredPlan) -> int:
        """D3 and D4 of all that has lost its keys; how many."""
        with reading(self.engine) as connection:
            found = under_way(connection, tenant_row(connection, self.tenant), plan.number)
        keyless = [each for each in found if each.line.stage == Stage.KEYLESS]
        for at in range(0, len(keyless), MAX_BATCH):
            some = keyless[at : at + MAX_BATCH]
            self.files.remove([each.intention for each in some])
            self._bury(plan, some)
        return len(keyless)

    def _next(self, plan: StoredPlan, limit: int) -> tuple[StoredLine, ...]:
        with reading(self.engine) as connection:
            tenant = tenant_row(connection, self.tenant)
            return next_planned(connection, tenant, plan.number, limit)

    def _intend(
        self, plan: StoredPlan, planned: Sequence[StoredLine]
    ) -> tuple[int, list[StoredLine]]:
        """D1: how many fell out, and the lines that are about to go."""
        now_us = self.clock_us()
        with (
            keys_for(self.keys, plan.content.id, planned) as keys,
            writing(self.engine) as connection,
        ):
            tenant = tenant_row(connection, self.tenant)
            # Of a plan that was stopped meanwhile nothing is left to take on.
            lines = next_planned(connection, tenant, plan.number, len(planned)) if planned else ()
            if not lines:
                return 0, []
            now = rechecked(connection, self.tenant, lines, keys, now_us)
            causes, going = now.causes, list(now.going)
            Copying(self.tenant, now_us, keys).keep(connection, now.facts_until_us)
            intend(connection, self._intentions(connection, now))
            drop(connection, causes)
            self._tell_kept(connection, plan, {each.digest: causes.get(each.row) for each in lines})
            if going:
                self._tell(connection, plan, "destruction_intended", _digests(going))
            note_work(connection, plan.number, now_us)
        return len(causes), going

    def _intentions(
        self, connection: Connection, now: Rechecked
    ) -> Iterator[tuple[int, Intention]]:
        """What must be known of each that goes, by rows."""
        tenant = tenant_row(connection, self.tenant)
        known = intentions_of(connection, tenant, [id_of(each) for each in now.going])
        if pages := [id_of(each) for each in now.going if is_page(each)]:
            known |= page_intentions(connection, tenant, pages)
        for each in now.going:
            own = id_of(each)
            until_us = now.facts_until_us.get(own)
            yield each.row, replace(known[own], facts_until_us=until_us)

    def _destroy(
        self, plan: StoredPlan, generation: int, intended: Sequence[StoredLine]
    ) -> tuple[str, int]:
        """D2: what the rest waits for, and how many fell out."""
        waiting = frozenset(Why) - frozenset(_DROPPED)
        kept = self._ask_and_note(plan, generation, intended, put_back_for=waiting)
        waits = next((each for each in kept if each in waiting), "")
        return waits, sum(each not in waiting for each in kept)

    def _ask_and_note(
        self,
        plan: StoredPlan,
        generation: int,
        lines: Sequence[StoredLine],
        *,
        put_back_for: frozenset[Why],
    ) -> list[Why]:
        """Ask the daemon, write down what it says; why it kept some."""
        outcomes = self.keys.destroy(plan.content.id, generation, [each.keyed for each in lines])
        both = list(zip(lines, outcomes, strict=True))
        gone = {one.row: said.at_us for one, said in both if isinstance(said, DestroyedRecording)}
        kept = [(one, said.why) for one, said in both if isinstance(said, KeptRecording)]
        dropped = {one: _DROPPED[why] for one, why in kept if why not in put_back_for}
        with writing(self.engine) as connection:
            note_keyless(connection, gone)
            put_back(connection, [one.row for one, why in kept if why in put_back_for])
            self._forget_copies(connection, [one for one, _ in kept])
            if dropped and plan_numbered(connection, self.tenant, plan.number).course.ended:
                dropped = dict.fromkeys(dropped, Cause.STOPPED)
            drop(connection, {one.row: cause for one, cause in dropped.items()})
            self._tell_kept(connection, plan, {one.digest: why for one, why in dropped.items()})
        return [why for _, why in kept]

    def _forget_copies(self, connection: Connection, kept: Sequence[StoredLine]) -> None:
        """Of what is kept with its audio: the next attempt makes another."""
        own = [id_of(each) for each in kept if each.grounds[2] == "audio"]
        forget_facts(connection, tenant_row(connection, self.tenant), own)

    def _bury(self, plan: StoredPlan, keyless: Sequence[UnderWay]) -> None:
        """D4."""
        with writing(self.engine) as connection:
            lines = [each.line for each in keyless]
            place = self._tell(connection, plan, "destroyed", _digests(lines))
            erase_recordings(
                connection, tenant_row(connection, self.tenant), plan.number, place, keyless
            )
            note_work(connection, plan.number, self.clock_us())

    def _tell_kept(
        self, connection: Connection, plan: StoredPlan, causes: Mapping[bytes, Cause | None]
    ) -> None:
        kept = [f"{digest.hex()} {cause}" for digest, cause in causes.items() if cause]
        if kept:
            self._tell(connection, plan, "destruction_kept", kept)

    def _tell(
        self, connection: Connection, plan: StoredPlan, action: Action, what: list[str]
    ) -> int:
        detail: dict[str, Detail] = {"count": len(what), "digests": what}
        entry = Entry(
            tenant=self.tenant,
            at_us=self.clock_us(),
            actor=ACTOR,
            action=action,
            target=target_of(plan.number),
            detail=detail,
        )
        return append(connection, entry)


def _digests(lines: Sequence[StoredLine]) -> list[str]:
    return [each.digest.hex() for each in lines]
