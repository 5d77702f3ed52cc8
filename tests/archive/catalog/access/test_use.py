"""What limits the use of recordings, at every answer that the catalog gives of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Engine, delete

from archive.access.query import SearchQuery
from archive.access.reach import EVERYWHERE, Within
from archive.access.use import Extent, Use
from archive.catalog.access.grants import (
    Access,
    Ask,
    LedgerGrant,
    ListenGrant,
    ReadGrant,
    SearchGrant,
    grant,
)
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.measures import MeasureAct, take_measure
from archive.catalog.register.use_limits import LimitChange, UseLimit, write_limits
from archive.catalog.search.calls import Sight, lasted_ms, read_call, recordings_of, sight, stored
from archive.catalog.search.days import count_days
from archive.catalog.search.known_ids import calls_known_by
from archive.catalog.search.ledger import ledger_page
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.search.search import search
from archive.catalog.tables.catalog import case_measure, use_limit
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, ConversationId, RecordingId
from archive.lifecycle.measures import SUSPENDING, Measure, MeasureKind
from tests.archive.catalog.examples import (
    NOW_US,
    OTHER_TENANT,
    access,
    adopt,
    adoption,
    author,
    new_catalog,
    recording_id,
)
from tests.support.catalog.query import october
from tests.support.hold_scenes import TERMS, held

PLAIN, HELD, FREE = (recording_id(number) for number in (1, 2, 3))
MATTER: Final = f"matter:{TERMS.matter}"
PURPOSES: Final = ("legal_duty", "legal", "quality", "", "case:D-1", "case:D-2", MATTER, "matter:x")
OCTOBER: Final = october("2026-10-01T00:00", "2026-11-01T00:00")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Three calls, one of them under a legal hold; another tenant has the same, all suspended."""
    engine = new_catalog(tmp_path_factory.mktemp("use"))
    for tenant in (DEFAULT_TENANT, OTHER_TENANT):
        adopt(engine, *(adoption(number, tenant=tenant) for number in (1, 2, 3)))
    held(engine, HELD)
    return engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What limits one recording: measures by their cases, restrictions by kinds of things."""

    own: RecordingId
    measures: frozenset[tuple[MeasureKind, str]]
    restricted: frozenset[str]
    from_us: int
    purposes: frozenset[str]

    def put(self, engine: Engine) -> None:
        """In the place of all that limited before."""
        with writing(engine) as connection:
            tenant = tenant_row(connection, DEFAULT_TENANT)
            for table in (case_measure, use_limit):
                connection.execute(delete(table).where(table.c.tenant == tenant))
            for kind, case in self.measures:
                act = MeasureAct(
                    measure=Measure(kind=kind, case=case), target=self.own, recordings=(self.own,)
                )
                take_measure(connection, author(), act)
            limit = UseLimit(from_us=self.from_us, purposes=self.purposes, revision=1)
            changes = (
                LimitChange(recording=self.own, asset=each, limit=limit) for each in self.restricted
            )
            write_limits(connection, tenant, changes)

    def expected(self, use: Use) -> Sight:
        """The sentences of the document in other words."""
        if use.extent is Extent.ALL:
            return Sight.COVERED
        is_matter = use.purpose == MATTER and self.own == HELD
        is_case = use.purpose in {f"case:{case}" for _, case in self.measures}
        is_told = use.extent is Extent.KNOWLEDGE
        is_suspended = any(kind in SUSPENDING for kind, _ in self.measures)
        if is_suspended and not is_matter and not (is_told and is_case):
            return Sight.SUSPENDED
        meant = {"metadata"} if is_told else {"audio", "metadata"}
        is_restricted = bool(self.restricted & meant) and self.from_us <= use.at_us
        passes = is_matter or is_case or use.is_glass_broken or use.purpose in self.purposes
        return Sight.RESTRICTED if is_restricted and not passes else Sight.COVERED


LIMITS = st.builds(
    Limits,
    own=st.sampled_from([PLAIN, HELD]),
    measures=st.frozensets(
        st.tuples(st.sampled_from(MeasureKind), st.sampled_from(["D-1", "D-2"])), max_size=2
    ),
    restricted=st.frozensets(st.sampled_from(["audio", "metadata"])),
    from_us=st.sampled_from([NOW_US - 1, NOW_US, NOW_US + 1]),
    purposes=st.frozensets(st.sampled_from(["legal_duty", "dispute"])),
)
USES = st.builds(
    Use,
    purpose=st.sampled_from(PURPOSES),
    extent=st.sampled_from(Extent),
    at_us=st.sampled_from([NOW_US - 1, NOW_US, NOW_US + 1]),
    is_glass_broken=st.booleans(),
)


def answers(engine: Engine, asks: Access, own: RecordingId) -> Iterator[bool]:
    """Whether each answer has the recording; the one that nothing limits is in all of them."""
    call = ConversationId(own.raw)
    known = {kind: grant(engine, kind, Ask(access=asks)) for kind in (SearchGrant, LedgerGrant)}
    read_one = grant(engine, ReadGrant, Ask(access=asks, target=call))
    hear_one = grant(engine, ListenGrant, Ask(access=asks, target=own))
    with reading(engine) as connection:
        searching = known[SearchGrant]
        assert isinstance(searching, SearchGrant)
        page = search(connection, SearchQuery(window=OCTOBER), searching)
        assert FREE in {each.recording for each in page.found}
        yield own in {each.recording for each in page.found}
        counted = count_days(connection, SearchQuery(window=OCTOBER), searching).counted
        yield counted == 3
        ledger = known[LedgerGrant]
        assert isinstance(ledger, LedgerGrant)
        rows = ledger_page(connection, LedgerQuery(window=OCTOBER), ledger).rows
        yield own in {each.recording for each in rows}
        known_by = calls_known_by(connection, DEFAULT_TENANT, asks.within, "call-id")
        yield call in known_by
        yield bool(read_call(connection, call, read_one))
        yield bool(stored(connection, own, hear_one))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(limits=LIMITS, use=USES)
def test_no_answer_has_what_is_not_for_the_use_that_was_stated(
    scene: Engine, limits: Limits, use: Use
) -> None:
    """For any measures, restrictions, purposes and moments: one statement, at every door."""
    limits.put(scene)
    asks = replace(access(), within=Within(reach=EVERYWHERE, use=use))
    expected = limits.expected(use)
    with reading(scene) as connection:
        seen = sight(connection, DEFAULT_TENANT, asks.within, limits.own)

    assert seen is expected
    assert set(answers(scene, asks, limits.own)) == {expected is Sight.COVERED}


def test_who_decides_of_limits_reaches_what_is_limited(scene: Engine) -> None:
    """Else nobody could lift one; how long a call is, is no answer about it either."""
    suspended = Limits(
        own=PLAIN,
        measures=frozenset({(MeasureKind.SUSPENSION, "D-1")}),
        restricted=frozenset(),
        from_us=0,
        purposes=frozenset(),
    )
    suspended.put(scene)
    strict = Within(reach=EVERYWHERE)
    with reading(scene) as connection:
        found = recordings_of(connection, DEFAULT_TENANT, strict, ConversationId(PLAIN.raw))
        length = lasted_ms(connection, DEFAULT_TENANT, strict, ConversationId(PLAIN.raw))
        out = recordings_of(connection, DEFAULT_TENANT, Within(reach=()), PLAIN)

    assert (found, length, out) == ((PLAIN,), 540_000, ())


def test_a_purpose_is_compared_as_a_whole(tmp_path: Path) -> None:
    """Neither a part of a code nor a sign that stands for any other passes."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    asked = ("legal_duty", "dispute", "legal", "duty", "%", "legal%", "legalxduty", "", "\n")
    passed = []
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        for purposes in (frozenset({"legal_duty", "dispute"}), frozenset[str]()):
            limit = UseLimit(from_us=0, purposes=purposes, revision=1)
            change = LimitChange(recording=PLAIN, asset="audio", limit=limit)
            write_limits(connection, tenant, [change])
            for purpose in asked:
                within = Within(reach=EVERYWHERE, use=Use(purpose=purpose))
                if sight(connection, DEFAULT_TENANT, within, PLAIN) is Sight.COVERED:
                    passed.append(purpose)

    assert passed == ["legal_duty", "dispute"]
