"""Legal holds over what changes: matched by the search itself, and held before it counts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, select

from archive.access.query import AgentClue, Clue, CustomerClue, MarkClue, PhoneClue
from archive.call.adoption import Adoption
from archive.call.corrections import BySide, SideCorrected, TagAdded, TagRemoved
from archive.call.events import CallEnded, RouteTaken, Side
from archive.catalog.access.grants import Ask, CorrectGrant, grant
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.agents import import_agents
from archive.catalog.index.amendment import correct
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.register.legal_holds import release
from archive.catalog.tables.catalog import hold_recording, recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    NOW_US,
    SECOND_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    author,
    inbound,
    new_catalog,
    of_group,
    opened,
    party,
    recording_id,
    stream,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.archive.hold_clients import MemoryClient
from tests.support.catalog.held_recordings import begun, by_query, of
from tests.support.catalog.hold_matches import Site
from tests.support.hold_scenes import GRACE_US, TERMS, held

VIP = MarkClue("tag", "vip")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.mark.parametrize("clue", [AgentClue("田中"), CustomerClue("田中")])
@pytest.mark.parametrize("side", ["agent", "customer"])
def test_a_guess_lets_no_recording_out_of_a_hold(site: Site, clue: Clue, side: Side) -> None:
    """Whichever side somebody was guessed on; and once in it stays, whatever is known later."""
    own = site.place(clue)
    tanaka = party(0, "sip:7@x", side, names=("田中",), because="first_stream")
    ended = CallEnded(at_us=STARTED_US + SECOND_US, reason="bye")
    site.writer.commit([adoption(1, (opened(), stream(0), tanaka, ended))])
    assert site.has(own) == {1: "held"}
    known = "customer" if isinstance(clue, AgentClue) else "agent"

    site.correct(recording_id(1), SideCorrected(whom=BySide(side=side), side=known))

    assert site.has(own) == {1: "held"}
    assert site.key_client.held[own.id] == {adoption(1).key_id}


@pytest.mark.parametrize("clue", [AgentClue("田中"), CustomerClue("田中")])
@pytest.mark.parametrize("side", ["agent", "customer"])
def test_a_hold_of_what_is_there_has_it_by_a_guess_and_keeps_it(
    tmp_path: Path, clue: Clue, side: Side
) -> None:
    """Without what comes later: as of the moment in which it is placed, by either word."""
    engine = new_catalog(tmp_path)
    tanaka = party(0, "sip:7@x", side, names=("田中",), because="first_stream")
    ended = CallEnded(at_us=STARTED_US + SECOND_US, reason="bye")
    adopt(engine, adoption(1, (opened(), stream(0), tanaka, ended)))
    with writing(engine) as connection:
        noting = begun(connection, by_query(clue))
        noting.query(connection)
        placed = of(connection, noting.hold)
    known = "customer" if isinstance(clue, AgentClue) else "agent"
    own = recording_id(1)
    granted = grant(engine, CorrectGrant, Ask(access=access(), target=own))
    with writing(engine) as connection:
        change = SideCorrected(whom=BySide(side=side), side=known)
        correct(connection, own, change, "heard", granted, HoldMatcher(MemoryClient(), lambda: 0))
        later = of(connection, noting.hold)

    assert not noting.hold.terms.future
    assert placed == later == ["1 meant"]


def test_what_comes_to_fit_a_search_is_held_before_the_catalog_has_it(site: Site) -> None:
    """Whoever looks at the moment of the commit finds the key held already."""
    own = site.place(PhoneClue.parse("03-1234-7788", "JP"))
    other = site.place(PhoneClue.parse("03-9999-9999", "JP"))
    at_commit: list[set[object]] = []
    event.listen(
        site.engine, "commit", lambda _: at_commit.append(set(site.key_client.held[own.id]))
    )
    site.writer.commit([adoption(1)])

    assert at_commit == [{adoption(1).key_id}]
    assert site.has(own) == {1: "held"}
    assert site.has(other) == {}


@pytest.mark.parametrize("state", ["released", "no future"])
def test_a_hold_that_is_over_or_not_for_what_comes_takes_nothing_on(site: Site, state: str) -> None:
    """Who did not ask for it is not surprised by a hold that grows."""
    own = site.place(future=state == "released")
    if state == "released":
        with writing(site.engine) as connection:
            release(connection, author(), own, NOW_US + GRACE_US, one_person=False)
    site.writer.commit([adoption(1)])

    assert site.has(own) == {}


def test_each_part_of_what_is_held_is_held(site: Site) -> None:
    """Also where nothing else of the hold grows: all keys of a recording go, or none."""
    own = site.open(TERMS)
    first, second = adoption(1, is_last=False), adoption(1, part=1)
    site.writer.commit([first])
    with writing(site.engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        row = {"tenant": tenant, "hold": own.number, "noted_us": 1, "because": "placed"}
        connection.execute(
            hold_recording.insert().values(recording=recording_id(1).raw, state="held", **row)
        )
    site.writer.commit([second])

    assert site.key_client.held[own.id] == {first.key_id, second.key_id}
    assert site.has(own) == {1: "held"}


def test_what_is_being_placed_leaves_its_keys_to_who_places_it(site: Site) -> None:
    """It is noted, and the placing does not end before it is held."""
    own = site.place(state="placing")
    site.writer.commit([adoption(1)])

    assert site.has(own) == {1: "meant"}
    assert site.key_client.held[own.id] == set()


def test_a_tag_that_makes_a_recording_fit_holds_it_and_taking_it_away_does_not_lift_that(
    site: Site,
) -> None:
    """What is said of a recording can only add holds."""
    own = site.place(VIP)
    site.writer.commit([adoption(1), adoption(2)])
    before = site.has(own)
    site.correct(recording_id(1), TagAdded(tag="vip"))
    with_tag = site.has(own)
    site.correct(recording_id(1), TagRemoved(tag="vip"))

    assert (before, with_tag, site.has(own)) == ({}, {1: "held"}, {1: "held"})
    assert site.key_client.held[own.id] == {adoption(1).key_id}


def test_a_table_of_agents_that_makes_calls_fit_holds_them(site: Site) -> None:
    """Nobody can name who sat there until somebody brings the table."""
    own = site.place(AgentClue("田中 真由"))
    site.writer.commit([adoption(1), adoption(2, inbound(agent="sip:2002@pbx.example"))])
    before = site.has(own)
    import_agents(site.engine, AGENTS_CSV.encode(), TOKYO, access(), site.matcher)

    assert before == {}
    assert site.has(own) == {1: "held"}


def test_what_comes_to_a_held_conversation_is_held_with_it(site: Site) -> None:
    """By a list that never grows otherwise; and a call that joins two brings both together."""
    own = site.open(replace(TERMS, whole_conversation=True))
    one = adoption(1, (*inbound(), of_group("g")))
    other = adoption(2, (*inbound(), of_group("h")))
    site.writer.commit([one, other])
    with writing(site.engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        row = {"tenant": tenant, "hold": own.number, "noted_us": 1, "because": "placed"}
        connection.execute(
            hold_recording.insert().values(recording=recording_id(1).raw, state="held", **row)
        )
    alone = site.has(own)
    site.writer.commit([adoption(3, (*inbound(), of_group("g"), of_group("h")))])

    assert alone == {1: "held"}
    assert site.has(own) == {1: "held", 2: "held", 3: "held"}


def test_a_rebuild_of_the_index_holds_what_fits_then(site: Site) -> None:
    """A part that nobody had in the index before is one that came."""
    own = site.place()
    parts = [adoption(1), adoption(2)]
    site.writer.commit(parts[:1])
    rebuild(site.engine, parts, site.matcher)

    assert site.has(own) == {1: "held", 2: "held"}


CHANGES: dict[str, Callable[[Site], None]] = {
    "a part": lambda site: site.writer.commit([adoption(2)]),
    "a tag": lambda site: site.correct(recording_id(1), TagAdded(tag="vip")),
    "agents": lambda site: (
        import_agents(site.engine, AGENTS_CSV.encode(), TOKYO, access(), site.matcher) and None
    ),
    "a rebuild": lambda site: rebuild(site.engine, [adoption(2)], site.matcher) and None,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_cannot_be_held_does_not_take_effect(site: Site, name: str) -> None:
    """Else it could be destroyed between the change and the key daemon's return."""
    site.writer.commit([adoption(1)])
    site.place(MarkClue("tag", "vip")) if name == "a tag" else None
    site.place(AgentClue("田中 真由")) if name == "agents" else None
    site.place() if name in ("a part", "a rebuild") else None
    with reading(site.engine) as connection:
        before = len(connection.execute(select(recording.c.id, recording.c.derived)).all())
    site.key_client.away = True
    with pytest.raises(KeyUnavailable):
        CHANGES[name](site)

    with reading(site.engine) as connection:
        assert len(connection.execute(select(recording.c.id, recording.c.derived)).all()) == before
        assert connection.execute(select(hold_recording)).all() == []


def test_where_no_hold_grows_no_key_daemon_is_asked(tmp_path: Path) -> None:
    """A part costs what it did before there were holds."""
    engine = new_catalog(tmp_path)
    writer = CatalogWriter(engine, lambda: NOW_US, WITHOUT_KEYS)
    writer.commit([adoption(1, is_last=False)])
    held(engine, recording_id(7))
    writer.commit([adoption(2)])

    held(engine, recording_id(1))
    with pytest.raises(KeyUnavailable):
        writer.commit([adoption(1, part=1)])


def tagged(number: int, tag: str) -> Adoption:
    """A call whose route gave it a tag."""
    took = RouteTaken(at_us=STARTED_US, route="r", target="t", mode="yes", tags=(tag,))
    return adoption(number, (*inbound(), took))


@pytest.mark.parametrize(
    ("asked", "wide"),
    [("ＶＩＰ", "vip"), ("vip", "ＶＩＰ")],
)
def test_a_hold_has_what_it_means_in_whichever_writing(site: Site, asked: str, wide: str) -> None:
    """A person asks in one width, a PBX writes in another."""
    own = site.place(MarkClue("tag", asked))
    site.writer.commit([tagged(1, wide), tagged(2, "other")])

    assert site.has(own) == {1: "held"}
    assert {adoption(1).key_id} == set(site.key_client.held[own.id])
