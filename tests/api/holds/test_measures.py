"""Who may do what for a case to a recording, and on whose word."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from api.access.approvals import Approvals
from api.holds.measures import CaseMeasures, Measured
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded, NotAllowed, NotFound, PersonNeeded
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.measures import measures_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, ConversationId
from archive.lifecycle.measures import Measure, MeasureKind
from tests.api.register import Registered, register, service
from tests.archive.catalog.examples import adopt, adoption, author, inbound, of_group, recording_id

ONE, TWO = recording_id(1), recording_id(2)
CALL = ConversationId(ONE.raw)
FREEZE = Measure(kind=MeasureKind.FREEZE, case="D-1")
STOPPING = tuple(Measure(kind=each, case="D-1") for each in MeasureKind if each != "freeze")
STEPS = ("proposed", "approved", "carried_out", "measure_taken", "measure_lifted")


class Acts:
    """The use case over a register of two in charge and an officer."""

    def __init__(self, it: Registered) -> None:
        self.it = it
        self.owner = it.person("owner", Role.RETENTION_OWNER)
        self.legal = it.person("legal", Role.LEGAL)
        self.officer = it.person("officer", Role.DISCLOSURE)

    @property
    def approvals(self) -> Approvals:
        return Approvals(self.it.door)

    @property
    def measures(self) -> CaseMeasures:
        return CaseMeasures(self.it.door, self.approvals)

    def in_force(self) -> list[tuple[str, bool]]:
        """Kinds of measures on the first recording, and whether one person's word was enough."""
        with reading(self.it.engine) as connection:
            tenant = tenant_row(connection, DEFAULT_TENANT)
            found = measures_of(connection, tenant, [ONE]).get(ONE, ())
        return [(each.measure.kind.value, each.one_person) for each in found]

    async def agreed(self, by: Actor, measure: Measure) -> Measured:
        """Proposed, approved by the owner, done."""
        with pytest.raises(ApprovalNeeded) as needed:
            await self.measures.take(by, CALL, measure)
        await self.approvals.give(self.owner, needed.value.number)
        return await self.measures.take(by, CALL, measure)


@asynccontextmanager
async def acts(folder: Path) -> AsyncIterator[Acts]:
    """Two recordings of one call, and one of another."""
    async with register(folder) as it:
        pair = [adoption(number, (*inbound(), of_group("g"))) for number in (1, 2)]
        adopt(it.engine, *pair, adoption(3))
        yield Acts(it)


async def test_who_protects_needs_nobody_else(tmp_path: Path) -> None:
    """A request came in; what it is about may be due tonight."""
    async with acts(tmp_path) as its:
        done = await its.measures.take(its.officer, CALL, FREEZE)
        again = await its.measures.take(its.officer, CALL, FREEZE)
        (told,) = its.it.journal(*STEPS)

        assert (done.changed, again.changed) == ((ONE, TWO), ())
        assert its.in_force() == [("freeze", False)]
        assert (told.actor, told.target, told.detail["case"]) == ("officer", str(CALL), "D-1")


@pytest.mark.parametrize("measure", STOPPING)
async def test_what_takes_away_takes_another_person(tmp_path: Path, measure: Measure) -> None:
    """Until then nothing is so."""
    async with acts(tmp_path) as its:
        with pytest.raises(ApprovalNeeded):
            await its.measures.take(its.legal, CALL, measure)
        assert its.in_force() == []
        done = await its.agreed(its.legal, measure)

        assert done.changed == (ONE, TWO)
        assert its.in_force() == [(measure.kind.value, False)]
        assert [each.action for each in its.it.journal(*STEPS)] == list(STEPS[:4])


@pytest.mark.parametrize("measure", [FREEZE, *STOPPING])
async def test_what_protects_or_stops_is_lifted_by_two(tmp_path: Path, measure: Measure) -> None:
    """Who lifted what another one has put there must have been believed by somebody."""
    async with acts(tmp_path) as its:
        if measure == FREEZE:
            await its.measures.take(its.legal, CALL, measure)
        else:
            await its.agreed(its.legal, measure)
        with pytest.raises(ApprovalNeeded) as needed:
            await its.measures.lift(its.legal, CALL, measure)
        assert its.in_force() == [(measure.kind.value, False)]
        await its.approvals.give(its.owner, needed.value.number)
        done = await its.measures.lift(its.legal, CALL, measure)

        assert (done.changed, its.in_force()) == ((ONE, TWO), [])
        assert (await its.measures.lift(its.legal, CALL, measure)).changed == ()


async def test_another_case_or_call_than_was_approved_is_not_done(tmp_path: Path) -> None:
    """The word was given for exactly these recordings."""
    suspension = Measure(kind=MeasureKind.SUSPENSION, case="D-1")
    async with acts(tmp_path) as its:
        with pytest.raises(ApprovalNeeded) as needed:
            await its.measures.take(its.legal, CALL, suspension)
        await its.approvals.give(its.owner, needed.value.number)
        for target, measure in ((CALL, replace(suspension, case="D-2")), (ONE, suspension)):
            with pytest.raises(ApprovalNeeded):
                await its.measures.take(its.legal, target, measure)

        assert its.in_force() == []


async def test_one_persons_installation_says_so_for_ever(tmp_path: Path) -> None:
    """Of what takes two; a freeze takes one anyway."""
    async with acts(tmp_path) as its:
        with writing(its.it.engine) as connection:
            declare_one_person(connection, author(), None)
        await its.measures.take(its.owner, CALL, FREEZE)
        await its.measures.take(its.owner, CALL, STOPPING[0])

        assert its.in_force() == [("freeze", False), (STOPPING[0].kind.value, True)]


async def test_who_may_not_is_refused_and_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    """An officer freezes and takes nothing away; a service proposes nothing."""
    async with acts(tmp_path) as its:
        for act in (its.measures.take, its.measures.lift):
            with pytest.raises(NotAllowed):
                await act(its.officer, CALL, STOPPING[0])
        with pytest.raises(NotAllowed):
            await its.measures.take(service(Verb.READ), CALL, FREEZE)
        with pytest.raises((NotAllowed, PersonNeeded)):
            await its.measures.take(service(Verb.MEASURE, Verb.PROPOSE), CALL, STOPPING[0])
        with pytest.raises(NotFound):
            await its.measures.take(its.owner, recording_id(77), FREEZE)

        assert its.in_force() == []
