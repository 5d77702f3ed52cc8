"""An archive with sealed recordings of which some are due, people, and a key daemon."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from api.access.approvals import Approvals
from api.destruction.plans import DestructionPlans, KnownPlan
from api.permissions.actor import Actor
from api.permissions.roles import Role
from archive.call.events import Event
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import StoredLine, lines_of
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.tables.tenants import tenant_row
from archive.disk.files import LocalDisk
from archive.ids import DEFAULT_TENANT, RecordingId, uuid7
from archive.lifecycle.file_removal import FileRemover
from archive.moments import ClockReading
from retention.policies.policy import Limits
from retention.policies.policy_text import policy_text
from retention.rules.rule import Asset, RetentionRule
from retention.runner.schedule import Runner
from retention.runner.sweep import DestroyingKeys, Remover, Sweep
from tests.api.register import Registered, register
from tests.archive.catalog.examples import author, inbound
from tests.archive.destruction.keys import ApiKeyClient, RunnerClient
from tests.archive.examples import START_US
from tests.archive.keeper.scene import LATER_US, KeeperScene, LivePart
from tests.archive.keys.scene import some_header
from tests.retention.examples import policy, rule, terms

DAY_US = 86_400_000_000
# Two years after the calls.
NOW_US = START_US + 730 * DAY_US
COOLED_US = 72 * 3_600_000_000
ALL_AT_ONCE = Limits(share_per_day=Fraction(1))
AFTER_A_YEAR = rule("year", after="P1Y")
AUDIO_FIRST = {Asset.AUDIO: terms(after="P1Y"), Asset.METADATA: terms(after="P3Y")}


@dataclass
class Installation:
    """Everything of one machine; `keeper` has spool, archive, pages and key daemon."""

    it: Registered
    keeper: KeeperScene
    parts: list[LivePart] = field(default_factory=list)
    owner: Actor = field(init=False)
    legal: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.it.now_us = self.keeper.scene.now_us = NOW_US
        self.owner = self.it.person("owner", Role.RETENTION_OWNER)
        self.legal = self.it.person("legal", Role.LEGAL)

    @property
    def recordings(self) -> list[RecordingId]:
        """In the order in which they were archived."""
        return [part.header.recording for part in self.parts]

    def archive(
        self, count: int, told: Sequence[Event] = (), register: CatalogWriter | None = None
    ) -> None:
        """So many more recordings that tell this, taken over by the keeper."""
        for _ in range(count):
            header = some_header(self.keeper.scene.node.id, created_us=START_US)
            own = RecordingId(uuid7(START_US + len(self.parts) * 1_000, secrets.token_bytes(10)))
            part = self.keeper.part(replace(header, recording=own)).speak()
            self.parts.append(part.tell(told).hang_up())
        register = register or CatalogWriter(self.it.engine, lambda: START_US)
        self.keeper.keeper(register=register).round(LATER_US)

    def take_over(self, *rules: RetentionRule, limits: Limits = ALL_AT_ONCE) -> None:
        """A revision that is for every recording."""
        text = policy_text(replace(policy(*rules), limits=limits))
        new = NewRevision(text=text, in_force_us=START_US, is_retroactive=True)
        with writing(self.it.engine) as connection:
            append_revision(connection, author(), new)

    def pass_us(self, later_us: int) -> None:
        """Let time pass, for everybody."""
        self.it.now_us += later_us
        self.keeper.scene.now_us = self.it.now_us

    @property
    def key_client(self) -> ApiKeyClient:
        """The API's line to the key daemon."""
        return ApiKeyClient(self.keeper.scene)

    @property
    def plans(self) -> DestructionPlans:
        """The use cases as of now."""
        return DestructionPlans(self.it.door, Approvals(self.it.door), self.key_client)

    async def applied(self) -> KnownPlan:
        """A plan of all that is due, approved by the other person, and cooled off."""
        made = await self.plans.make(self.owner)
        await self.plans.approve(self.legal, made.stored.number)
        done = await self.plans.apply(self.owner, made.stored.number)
        self.pass_us(COOLED_US)
        return done

    def sweep(self, keys: DestroyingKeys | None = None, files: Remover | None = None) -> Sweep:
        """The steps, by the real ones unless others are given."""
        disk = LocalDisk()
        remover = FileRemover(
            store=self.keeper.store(disk),
            place=self.keeper.place,
            pages=self.keeper.pages,
            disk=disk,
        )
        return Sweep(
            engine=self.it.engine,
            keys=keys or RunnerClient(self.keeper.scene),
            files=files or remover,
            clock_us=lambda: self.it.now_us,
            tenant=DEFAULT_TENANT,
        )

    def runner(self, sweep: Sweep | None = None) -> Runner:
        """Another process of it."""
        return Runner(
            sweep=sweep or self.sweep(),
            clock=lambda: ClockReading(wall_us=self.it.now_us, monotonic_us=self.it.now_us),
            per_second=1_000,
        )

    def lines(self, number: int) -> list[StoredLine]:
        """Of a plan."""
        with reading(self.it.engine) as connection:
            row = tenant_row(connection, DEFAULT_TENANT)
            return list(lines_of(connection, row, number))

    def files_of(self, own: RecordingId) -> list[str]:
        """All files anywhere below that carry its id, or its bytes."""
        return sorted(
            str(path.relative_to(self.keeper.folder))
            for path in self.keeper.folder.rglob("*")
            if path.is_file() and str(own) in path.name
        )


@asynccontextmanager
async def facts_live_on(folder: Path, count: int = 1) -> AsyncIterator[Installation]:
    """So many recordings whose audio is due, and what is told of them in a year."""
    async with installed(folder) as it:
        it.take_over(replace(rule("year"), terms=AUDIO_FIRST))
        it.archive(count, inbound(START_US)[:-1])
        yield it


@asynccontextmanager
async def installed(folder: Path, count: int = 0) -> AsyncIterator[Installation]:
    """So many recordings of a year and more ago, and a policy by which they are due."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    async with register(folder) as it:
        made = Installation(it=it, keeper=KeeperScene(folder))
        made.take_over(AFTER_A_YEAR)
        made.archive(count)
        yield made
