"""The archive of `model.py` as it really is: catalog, keystore, people, a runner, certificates.

Each act is done by the use case that people and machines come by. Knows nothing of what is due.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from secrets import token_bytes

from api.access.approvals import Approvals
from api.destruction.plans import KnownPlan
from api.holds.measures import CaseMeasures
from api.holds.placement import HoldWish, Placements
from api.holds.release import Releases
from api.holds.upkeep import HoldUpkeep
from api.permissions.errors import ApprovalNeeded
from api.permissions.roles import Role
from api.simulations.archive_simulation import simulate_archive
from api.simulations.simulation import Simulation, Supposition
from archive.access.query import ALWAYS, AgentClue, MarkClue, PhoneClue, SearchQuery
from archive.call.corrections import Change
from archive.call.events import CallEnded, Event, RouteTaken
from archive.catalog.access.grants import Ask, CorrectGrant, grant
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.index.agents import import_agents
from archive.catalog.index.amendment import correct
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables.tenants import tenant_row
from archive.certificates.folder import CERTIFICATE, LIST, CertificateFolder
from archive.ids import DEFAULT_TENANT, HoldId, KeyId, PlanId, RecordingId, TenantId
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording
from archive.keys.guard.facts_keys import FactsKey
from archive.keys.store.legal_holds import Fence, HeldKeys, KeptHold
from archive.keys.store.schema import open_database
from archive.keys.wire.guard_messages import (
    ActivateHold,
    CancelHold,
    FenceAnswer,
    HeldKeysAnswer,
    HoldKeys,
    HoldsAnswer,
    ListHolds,
    PlaceHold,
    ReleaseHold,
)
from archive.keys.wire.protocol import Adopt, AskerRole, Confirm, MarkArchived
from archive.lifecycle.intention import Intention
from archive.lifecycle.measures import Measure
from archive.moments import EPOCH
from retention.certificates.certificate import read_certificate
from retention.certificates.destroyed_list import read_list
from retention.policies.policy import Limits, RetentionPolicy
from retention.runner.judgement.policy_history import PolicyHistory
from tests.api.destruction.model import Clue, ModelCall
from tests.api.destruction.scene import Installation
from tests.archive.catalog.examples import TOKYO, access, adoption, inbound, of_group, recording_id
from tests.archive.destruction.keys import RunnerClient, answered
from tests.archive.keys.scene import Scene, some_header
from tests.support.certificates.rounds import rounds

US = timedelta(microseconds=1)
HEAD = "agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to\n"


@dataclass(slots=True)
class PlacingKeys:
    """The API's line to the key daemon, as holds are placed at it; the keeper's says the same."""

    scene: Scene

    def place_hold(self, hold: HoldId, tenant: TenantId) -> int:
        answer = answered(self.scene, AskerRole.API, PlaceHold(hold=hold.raw, tenant=tenant.raw))
        assert isinstance(answer, FenceAnswer)
        return answer.generation

    def hold_keys(self, hold: HoldId, keys: Sequence[KeyId]) -> HeldKeys:
        if not keys:
            return HeldKeys()
        ask = HoldKeys(hold=hold.raw, keys=tuple(each.raw for each in keys))
        answer = answered(self.scene, AskerRole.API, ask)
        assert isinstance(answer, HeldKeysAnswer)
        return HeldKeys(
            held=answer.held,
            destroyed=tuple(map(KeyId, answer.destroyed)),
            unknown=tuple(map(KeyId, answer.unknown)),
            total=answer.total,
        )

    def holds(self, tenant: TenantId) -> tuple[KeptHold, ...]:
        """One page has all that a script places."""
        answer = answered(self.scene, AskerRole.API, ListHolds(tenant=tenant.raw, behind=b""))
        assert isinstance(answer, HoldsAnswer)
        return tuple(KeptHold(HoldId(raw), active, keys) for raw, active, keys in answer.holds)

    def activate_hold(self, hold: HoldId) -> None:
        answered(self.scene, AskerRole.API, ActivateHold(hold=hold.raw))

    def cancel_hold(self, hold: HoldId) -> None:
        answered(self.scene, AskerRole.API, CancelHold(hold=hold.raw))

    def release_hold(self, hold: HoldId) -> None:
        answered(self.scene, AskerRole.API, ReleaseHold(hold=hold.raw))

    def fence(self, tenant: TenantId) -> Fence:
        return RunnerClient(self.scene).fence(tenant)


@dataclass
class WatchedClient:
    """The runner's line, at which something may happen just before it destroys, once."""

    key_client: RunnerClient
    before: Callable[[Sequence[RecordingId]], None] | None = None
    # What was asked with which generation, which one it was then, and what came of it.
    asked: list[tuple[int, int, tuple[DestroyedRecording | KeptRecording, ...]]] = field(
        default_factory=list
    )

    def fence(self, tenant: TenantId) -> Fence:
        return self.key_client.fence(tenant)

    def keep_facts(
        self, plan: PlanId, recordings: Sequence[RecordingId]
    ) -> Mapping[RecordingId, FactsKey]:
        return self.key_client.keep_facts(plan, recordings)

    def destroy(
        self, plan: PlanId, generation: int, recordings: Sequence[RecordingId]
    ) -> tuple[DestroyedRecording | KeptRecording, ...]:
        before, self.before = self.before, None
        if before is not None and recordings:
            before(recordings)
        is_now = self.key_client.fence(DEFAULT_TENANT).generation
        outcomes = self.key_client.destroy(plan, generation, recordings)
        self.asked.append((generation, is_now, outcomes))
        return outcomes


@dataclass
class ListedFiles:
    """In the place of a disk: of what files were seen to be gone."""

    removed: list[RecordingId] = field(default_factory=list)

    def require_archive(self) -> None:
        """It is always there."""

    def remove(self, intended: Sequence[Intention]) -> None:
        self.removed += [each.id for each in intended]


@dataclass
class World:
    """One installation; calls are named by their numbers."""

    it: Installation
    ids: dict[int, RecordingId] = field(default_factory=dict)
    keys: dict[int, list[KeyId]] = field(default_factory=dict)
    revision: int = 1
    plans: list[KnownPlan] = field(default_factory=list)

    def __post_init__(self) -> None:
        roles = (Role.RETENTION_OWNER, Role.LEGAL, Role.APPROVER)
        self.one = self.it.it.person("one", *roles)
        self.two = self.it.it.person("two", *roles)
        self.key_client = WatchedClient(RunnerClient(self.scene))
        self.files = ListedFiles()
        self.placing = PlacingKeys(self.scene)
        self.approvals = Approvals(self.it.it.door)

    @property
    def scene(self) -> Scene:
        return self.it.keeper.scene

    @property
    def now(self) -> datetime:
        return EPOCH + self.it.it.now_us * US

    @property
    def matcher(self) -> HoldMatcher:
        return HoldMatcher(self.placing, lambda: self.it.it.now_us)

    def archive(self, call: ModelCall) -> None:
        """K1 to K6 of its first part."""
        began_us = _us(call.ended) - 9 * 60_000_000
        told = list(
            inbound(
                began_us,
                customer=f"sip:{call.customer}@carrier.example",
                agent=f"sip:{call.extension}@pbx.example",
            )
        )
        told.insert(1, _route(call, began_us))
        if call.group:
            told.insert(1, of_group(call.group, began_us))
        if not call.is_whole:
            told = told[:-1]
        self.ids[call.number] = recording_id(call.number, began_us)
        self._adopt(call.number, 0, tuple(told), is_last=call.is_whole)

    def end(self, call: ModelCall) -> None:
        """K1 to K6 of its last part."""
        ended = CallEnded(at_us=_us(call.ended), reason="bye")
        self._adopt(call.number, 1, (ended,), is_last=True)

    def take_over(self, policy: RetentionPolicy, limits: Limits) -> None:
        self.it.take_over(*policy.rules, limits=limits)
        self.revision += 1

    def say(self, call: int, change: Change) -> None:
        asked = Ask(access=access(at_us=self.it.it.now_us), target=self.ids[call])
        granted = grant(self.it.it.engine, CorrectGrant, asked)
        with writing(self.it.it.engine) as connection:
            correct(connection, self.ids[call], change, "heard", granted, self.matcher)

    def seat(self, seats: dict[str, str]) -> None:
        rows = "".join(f"{own},{own},,,,{ext},,\n" for ext, own in seats.items())
        import_agents(self.it.it.engine, (HEAD + rows).encode(), TOKYO, access(), self.matcher)

    async def hold(
        self, clues: Sequence[Clue], named: Sequence[int] | None, *, future: bool, whole: bool
    ) -> int:
        query = SearchQuery(window=ALWAYS, clues=tuple(map(_clue, clues)))
        wish = HoldWish(
            matter="M-1", reason="claim", review_on=date(2099, 1, 1),
            query=query if named is None else None,
            named=tuple(self.ids[each].raw for each in named or ()),
            whole_conversation=whole, future=future,
        )  # fmt: skip
        placed = await Placements(self.it.it.door, self.placing).place(self.one, wish)
        assert placed.hold.state == "active"
        return placed.hold.number

    async def release(self, hold: int) -> None:
        releases = Releases(self.it.it.door, self.approvals)
        await self._by_two(lambda: releases.release(self.one, hold))

    async def measure(self, call: int, measure: Measure) -> None:
        cases = CaseMeasures(self.it.it.door, self.approvals)
        await self._by_two(lambda: cases.take(self.one, self.ids[call], measure))

    async def lift(self, call: int, measure: Measure) -> None:
        cases = CaseMeasures(self.it.it.door, self.approvals)
        await self._by_two(lambda: cases.lift(self.one, self.ids[call], measure))

    async def upkeep(self) -> None:
        await HoldUpkeep(self.it.it.catalog, lambda: self.it.it.now_us, self.placing).once()

    async def plan(self) -> KnownPlan:
        """Of all that is due, approved by another person and handed over."""
        plans = self.it.plans
        made = await plans.make(self.one)
        if made.stored.approval.proposal is not None:
            await plans.approve(self.two, made.stored.number)
        applied = await plans.apply(self.one, made.stored.number)
        self.plans.append(applied)
        return applied

    async def run(self, rounds_: int = 6) -> None:
        """A runner from its start until it has nothing to do; others act beside it."""
        runner = self.it.runner(self.it.sweep(keys=self.key_client, files=self.files))

        def go_round() -> None:
            for _ in range(rounds_):
                runner.round()

        await asyncio.to_thread(go_round)

    def before_destroying(self, act: Callable[[Sequence[int]], Awaitable[None]]) -> None:
        """Have something happen once between the last judgement and the keys."""
        loop = asyncio.get_running_loop()
        numbers = {own: number for number, own in self.ids.items()}

        def happen(recordings: Sequence[RecordingId]) -> None:
            doing = act([numbers[each] for each in recordings])
            asyncio.run_coroutine_threadsafe(_whole(doing), loop).result()

        self.key_client.before = happen

    def guard(self) -> tuple[set[bytes], set[bytes]]:
        """Which keys there are, and which of them a hold has, as the file says."""
        database = open_database(self.scene.config.keystore)
        there = {row[0] for row in database.execute("SELECT key_id FROM data_key")}
        held = {row[0] for row in database.execute("SELECT key_id FROM hold_key")}
        database.close()
        return there, held

    def certified(self, plan: KnownPlan) -> set[bytes]:
        """The digests of the certificate of a run, checked as an outsider does; none: {}."""
        rounds(self.it).round()
        folder = CertificateFolder(self.it.keeper.folder)
        content = folder.read(DEFAULT_TENANT, plan.stored.content.id.raw, CERTIFICATE)
        listed = read_list(folder.read(DEFAULT_TENANT, plan.stored.content.id.raw, LIST).decode())
        read_certificate(content).check_list(listed)
        return {each.digest for each in listed}

    def simulated(self, policy: RetentionPolicy) -> Simulation:
        with reading(self.it.it.engine) as connection:
            tenant = tenant_row(connection, DEFAULT_TENANT)
            history = PolicyHistory.read(connection, DEFAULT_TENANT, self.it.it.now_us)
            what = Supposition(policy=policy, revisions=history.revisions, now=history.now)
            return simulate_archive(connection, tenant, what, lambda done, whole: None)

    def _adopt(self, number: int, part: int, told: tuple[Event, ...], *, is_last: bool) -> None:
        own = self.ids[number]
        header = replace(some_header(self.scene.node.id, part=part), recording=own)
        blocks = self.scene.node.first_blocks(header)
        answered(self.scene, AskerRole.KEEPER, Adopt(page=blocks.page, header=blocks.block))
        answered(self.scene, AskerRole.KEEPER, Confirm(key_id=header.key.raw))
        new = adoption(number, told, part=part, is_last=is_last)
        name = replace(new.part_name, recording=own)
        sha256 = token_bytes(32)
        writer = CatalogWriter(self.it.it.engine, lambda: self.it.it.now_us, self.matcher)
        writer.commit([replace(new, part_name=name, key_id=header.key, sha256=sha256)])
        answered(self.scene, AskerRole.KEEPER, MarkArchived(key_id=header.key.raw))
        self.keys.setdefault(number, []).append(header.key)

    async def _by_two(self, act: Callable[[], Awaitable[object]]) -> None:
        try:
            await act()
        except ApprovalNeeded as needed:
            await self.approvals.give(self.two, needed.number)
            await act()


def _clue(clue: Clue) -> AgentClue | MarkClue | PhoneClue:
    kind, value = clue
    match kind:
        case "queue" | "tag":
            return MarkClue(kind, value)
        case "agent":
            return AgentClue(value)
        case _:
            return PhoneClue.parse(value, "JP")


def _us(day: date) -> int:
    """Noon of a day in Tokyo."""
    return (datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO) - EPOCH) // US


async def _whole(doing: Awaitable[None]) -> None:
    await doing


def _route(call: ModelCall, at_us: int) -> RouteTaken:
    return RouteTaken(
        at_us=at_us, route="r", target="t", mode="yes", queue=call.queue, purpose="",
        controller="", tags=(call.tag,) if call.tag else (),
    )  # fmt: skip
