"""Three installations to look at: one that is new, a usual one, one in which every word is long."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import Kind
from archive.access.reach import WHOLE, ReachRule
from archive.call.corrections import Change, NoteWritten, QueueCorrected, TagAdded
from archive.call.events import Event
from archive.call.live import LiveCall
from archive.catalog.access.approvals import propose
from archive.catalog.access.grants import Ask, CorrectGrant, ListenGrant, grant
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import (
    UserRecord,
    add_service,
    add_user,
    disable_user,
    service_named,
    user_named,
)
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import writing
from archive.catalog.index.agents import import_agents
from archive.catalog.index.amendment import correct
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.search.calls import StoredRecording
from archive.ids import DEFAULT_TENANT
from archive.reading.waveform import CallWaveform
from retention.policies.policy import Calendars, RetentionPolicy
from retention.policies.policy_text import policy_text
from retention.rules.rule import Basis, Rank
from tests.api.examples import LIVE, WAVEFORM, MemoryNode, MemoryRendering, MemorySource
from tests.api.health.examples import WELL
from tests.archive.catalog.examples import (
    AGENT,
    AGENTS_CSV,
    CUSTOMER,
    MINUTE_US,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    author,
    inbound,
    inline,
    new_catalog,
    recording_id,
)
from tests.pages.calls import (
    LONG_AGENTS,
    WORD,
    drawn,
    endless,
    live_call,
    long_call,
    said,
    unknown_call,
    unrecorded,
    usual_call,
)
from tests.pages.held import add_holds
from tests.pages.limited import add_limited, restricting
from tests.pages.planned import add_plans
from tests.pages.server import Served, served
from tests.retention.examples import rule
from tests.support.pages.call import taken

CALL: Final = str(recording_id(1))
# Recorded for a purpose for which nobody here acts.
UNCOVERED: Final = str(recording_id(6))
OWN: Final = "yamada"
REVIEWER: Final = "ito"
AUDITOR: Final = "mori"


def _person(connection: Connection, name: str, role: Role, reach: ReachRule) -> UserRecord:
    add_user(connection, author(), name, purpose="quality")
    user = user_named(connection, DEFAULT_TENANT, name)
    give_role(connection, author(), user, role, reach)
    give_os_name(connection, author(), user, name[:60])
    return user


def own_person(connection: Connection, name: str) -> UserRecord:
    """Who looks: with every role, a password and an app."""
    add_user(connection, author(), name)
    user = user_named(connection, DEFAULT_TENANT, name)
    for role in Role:
        give_role(connection, author(), user, role, WHOLE)
    set_credential(connection, author(user=user.row), user, "password", b"x")
    set_credential(connection, author(user=user.row), user, "app", b"x")
    return user


def _programs(connection: Connection, own: UserRecord, name: str, reach: ReachRule) -> None:
    """A service, and tokens of it and of who looks."""
    add_service(connection, author(), name, reach)
    terms = TokenTerms(
        scopes=[Verb.SEARCH, Verb.READ],
        expires_us=NOW_US + 90 * 24 * 60 * MINUTE_US,
        note=endless(200) if name == WORD else "CRM",
        purpose="quality",
    )
    create_token(connection, author(), service_named(connection, DEFAULT_TENANT, name), terms)
    create_token(connection, author(user=own.row), own, terms)


def _amend(engine: Engine, words: str, change: Change) -> None:
    own = recording_id(1)
    granted = grant(engine, CorrectGrant, Ask(access=access(), target=own))
    with writing(engine) as connection:
        correct(connection, own, change, words, granted)


def policy_of(queue: str) -> str:
    """A policy with a rule of each rank, about a queue."""
    own = RetentionPolicy(
        rules=(
            rule("default", after="P2Y"),
            rule("own", after="P90D", queue=queue),
            rule(
                "law", at_least="P10Y", rank=Rank.LAW, queue=queue, begins="contract_end",
                basis=Basis(citation=f"貸金業法 19条 {queue}", source="https://example.jp/"),
            ),
            *restricting(),
        ),
        calendars=Calendars(zone=TOKYO),
    )  # fmt: skip
    return policy_text(own)


def _policies(engine: Engine, queue: str) -> None:
    """One in force, one that cools off."""
    with writing(engine) as connection:
        for in_force_us in (NOW_US, NOW_US + 72 * 60 * MINUTE_US):
            text = policy_of(f"{queue}{in_force_us - NOW_US}")
            new = NewRevision(text=text, in_force_us=in_force_us, is_retroactive=True)
            append_revision(connection, author(), new)


def _node(*calls: LiveCall) -> MemoryNode:
    return MemoryNode(looks_like=[[*calls]])


@dataclass
class _Drawn(MemorySource):
    """Sound of which there is a waveform to draw."""

    picture: CallWaveform = WAVEFORM

    async def waveform(
        self, _recordings: Sequence[StoredRecording], _grant: ListenGrant
    ) -> CallWaveform:
        """The same of every call."""
        return self.picture


def _source(customer: str, agent: str, words: str) -> MemorySource:
    return _Drawn(
        rendering=MemoryRendering(b"RIFF", None),
        said=said(words) if words else (),
        picture=drawn(customer, agent),
    )


@contextmanager
def new_house(folder: Path) -> Iterator[Served]:
    """Nothing has happened yet, but for one call of which nothing is known."""
    engine = new_catalog(folder)
    with writing(engine) as connection:
        own_person(connection, OWN)
    adopt(engine, adoption(1, unknown_call()))
    with served(folder, engine, _node(), _source("", "", ""), WELL) as house:
        yield house


@contextmanager
def usual_house(folder: Path) -> Iterator[Served]:
    """A few calls, persons and programs."""
    engine = new_catalog(folder)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    reach = ReachRule(queues=frozenset({"解約"}), numbers=frozenset({"+81312*"}))
    with writing(engine) as connection:
        own = own_person(connection, OWN)
        sato = _person(connection, "sato", Role.SUPERVISOR, reach)
        _person(connection, REVIEWER, Role.REVIEWER, WHOLE)
        _person(connection, AUDITOR, Role.AUDITOR, WHOLE)
        _person(connection, "gone", Role.REVIEWER, WHOLE)
        disable_user(connection, author(), "gone")
        _programs(connection, own, "crm", reach)
        for each in (own, sato):
            _propose(connection, each, "crm: calls:search calls:read, 90 days")
    _policies(engine, "解約")
    _calls(engine, usual_call(), "+81312340001")
    add_limited(engine)
    add_holds(engine, "訴訟 2026-07")
    add_plans(engine, folder, "解約")
    _amend(engine, "heard", NoteWritten(text="折り返しの約束あり。\n担当へ連絡済み。"))
    _amend(engine, "heard", QueueCorrected(queue="解約"))
    node = _node(live_call("佐藤", "2001"), LIVE)
    with served(folder, engine, node, _source(CUSTOMER, AGENT, "one@example")) as house:
        yield house


@contextmanager
def long_house(folder: Path) -> Iterator[Served]:
    """Whatever a caller, an exchange, a table or a person can write is as long as may be."""
    engine = new_catalog(folder)
    import_agents(engine, LONG_AGENTS.encode(), TOKYO, access())
    names = frozenset({endless(60), endless(61)})
    reach = ReachRule(queues=names, teams=names, controllers=names)
    with writing(engine) as connection:
        own = own_person(connection, WORD)
        other = _person(connection, WORD[:60], Role.SUPERVISOR, reach)
        _programs(connection, own, WORD, reach)
        for each in (own, other):
            _propose(connection, each, f"{WORD}: {endless(150)}")
    _policies(engine, endless(120))
    _calls(engine, long_call(), endless(60))
    for change in (
        NoteWritten(text=endless(700)),
        NoteWritten(text=WORD * 5),
        TagAdded(tag=endless(200)),
        TagAdded(tag=WORD),
        QueueCorrected(queue=endless(100)),
    ):
        _amend(engine, endless(400), change)
    add_holds(engine, endless(200))
    add_plans(engine, folder, endless(120))
    customer, agent = f"sip:{endless(60)}@carrier.example", f"sip:{WORD}@pbx.example"
    node = _node(live_call(endless(60), WORD), LIVE)
    with served(folder, engine, node, _source(customer, agent, endless(90))) as house:
        yield house


def _propose(connection: Connection, by: UserRecord, summary: str) -> None:
    own = author(user=by.row)
    propose(connection, own, Kind.GIVE_SERVICE_SCOPES, by.row.to_bytes(32), summary)


def _calls(engine: Engine, first: tuple[Event, ...], words: str) -> None:
    """One call that says everything, some usual ones, and what is missing."""
    adopt(
        engine,
        adoption(1, first),
        adoption(2, inbound(STARTED_US - 60 * MINUTE_US), is_last=False),
        adoption(3, inbound(STARTED_US - 90 * MINUTE_US)),
        adoption(6, inline(taken(purpose="quality"))),
        replace(adoption(8, unrecorded(words)), packets=()),
    )
