"""The use cases of one installation, put together from what they need.

Knows nothing of the web, of configuration, sockets or clocks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Self, TypeVar

from api.access.access_alarms import Alarms
from api.access.approvals import Approvals
from api.access.authentication import Identity
from api.access.authorization import Door
from api.access.rate_buckets import RateLimits
from api.access.rate_limits import Paces
from api.calls.corrections import Corrections
from api.calls.exports import Exports, ExportSlots
from api.calls.ledger import Ledger
from api.calls.live_calls import Board, LiveCallsUp
from api.calls.playback_reports import Played
from api.calls.recording_forms import AudioSource
from api.calls.retrieval import Calls
from api.calls.signalling_client import Node
from api.calls.sip_traces import Traces
from api.destruction.certificates import Certificates
from api.destruction.hand_over import PlanClient
from api.destruction.overdue import Overdues
from api.destruction.plans import DestructionPlans
from api.health.board import HealthBoard
from api.health.seen import Seen
from api.holds.measures import CaseMeasures
from api.holds.overview import LegalHolds
from api.holds.placement import Placements
from api.holds.release import Releases
from api.holds.upkeep import HoldUpkeep
from api.locate.column_keeper import ColumnKeeper
from api.locate.ranked_search import Locate
from api.locate.sight import Lookout
from api.operation.job_runner import JobRunner
from api.operation.jobs import Jobs
from api.operation.journal import Journal
from api.operation.key_epochs import BackupGround, KeyEpochs
from api.operation.machine_clock import ClockKeys, MachineClock
from api.operation.restored_keystore import RestoredKeystore
from api.people.agents import Agents
from api.people.confirmations import Confirmations
from api.people.service_tokens import ServiceTokens
from api.people.sign_in_codes import SignInCodes
from api.people.tokens import Tokens
from api.people.users import Users
from api.retention.explanations import Retention
from api.retention.policies import RetentionPolicies
from api.retention.restriction_rounds import LimitRounds
from api.retention.retention_events import RetentionEvents
from api.retention.rule_packs import RulePacks
from api.sign_in.enrolment import Enrolment
from api.sign_in.page_session import Sessions
from api.sign_in.sessions import KeptSessions
from api.sign_in.steps import SignIn
from api.sign_in.terms import SignInGround, SignInTerms
from api.simulations.simulation_jobs import Simulations, simulating
from api.words.texts import Words, in_english
from archive.access.purposes import DEFAULT_CODES
from archive.catalog.database.engine import AsyncEngine
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.register.jobs import CatalogQueue
from archive.certificates.folder import CertificateFolder
from archive.ids import TenantId
from archive.job_queue import JobKind
from archive.keys.guard.hold_client import PlacingClient

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an installation says of itself: the country (ISO 3166 alpha-2, "" = unknown) in which
    national numbers of a search are read, the IANA zone in which people live, the codes of
    purposes, the names of hosts by which people reach its pages, and whether what comes without
    TLS from this machine is a browser of this machine, and no web server.
    """

    country: str = ""
    zone: str = "Asia/Tokyo"
    purposes: frozenset[str] = field(default=frozenset(DEFAULT_CODES))
    hosts: frozenset[str] = frozenset()
    local_browser: bool = False


@dataclass(frozen=True, slots=True)
class DaemonClients:
    """Whom to ask at the key daemon: who keeps plans of destruction, who judges its clock."""

    plans: PlanClient
    clock: ClockKeys


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is kept up beside the answers: restrictions that begin, holds that were begun."""

    limits: LimitRounds
    holds: HoldUpkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the use cases need: the catalog (`open_async_engine`), sound, µs UTC, the node that
    records, how people sign in, how often may be asked, the place, the words of languages, where
    backup sets and certificates go, whom to ask at the key daemon, who holds keys, how the
    installation is (`look`, which blocks), and the columns of each tenant.
    """

    engine: AsyncEngine
    audio: AudioSource
    clock_us: Callable[[], int]
    node: Node
    sign_in: SignInTerms
    limits: RateLimits
    place: Place = Place()
    words: Words = in_english
    backup: BackupGround
    certificates: CertificateFolder
    daemon: DaemonClients
    keys: PlacingClient
    look: Callable[[], Seen]
    keepers: Mapping[TenantId, ColumnKeeper]

    def door(self) -> Door:
        """A new one, before all that is asked."""
        purposes = self.place.purposes
        return Door(engine=self.engine, clock_us=self.clock_us, purposes=purposes)

    @property
    def holds(self) -> HoldMatcher:
        """Who matches legal holds over what is changed."""
        return HoldMatcher(self.keys, self.clock_us)

    @property
    def upkeep(self) -> Upkeep:
        """What is kept up beside the answers."""
        limits = LimitRounds(self.engine.engine, self.clock_us, self.engine.attention.is_paid)
        return Upkeep(limits, HoldUpkeep(self.engine, self.clock_us, self.keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """All that can be asked or done."""

    alarms: Alarms
    health: HealthBoard
    identity: Identity
    paces: Paces
    words: Words
    place: Place
    calls: Calls
    locate: Locate
    played: Played
    corrections: Corrections
    live: LiveCallsUp
    users: Users
    tokens: Tokens
    sign_in_codes: SignInCodes
    confirmations: Confirmations
    steps: SignIn
    enrolment: Enrolment
    sessions: Sessions
    service_tokens: ServiceTokens
    exports: Exports
    traces: Traces
    agents: Agents
    ledger: Ledger
    approvals: Approvals
    policies: RetentionPolicies
    journal: Journal
    jobs: Jobs
    runner: JobRunner
    retention: Retention
    retention_events: RetentionEvents
    rule_packs: RulePacks
    simulations: Simulations
    key_epochs: KeyEpochs
    measures: CaseMeasures
    restored_keystore: RestoredKeystore
    certificates: Certificates
    destruction: DestructionPlans
    overdue: Overdues
    clock: MachineClock
    holds: LegalHolds
    hold_placements: Placements
    hold_releases: Releases
    upkeep: Upkeep

    def one(self, kind: type[Kind]) -> Kind:
        """The use cases of this class; a fault of our own where there are none."""
        return next(
            each for own in fields(self) if isinstance(each := getattr(self, own.name), kind)
        )

    @classmethod
    def of(cls, services: Services) -> Self:
        """The use cases over these services; the caller disposes of the engine."""
        door, runner = services.door(), _runner(services)
        approvals, ground = Approvals(door), _ground(services, door)
        policies = RetentionPolicies(door, approvals)
        return cls(
            alarms=door.alarms,
            health=HealthBoard(services.look),
            identity=Identity(services.engine, services.clock_us, door.alarms),
            words=services.words,
            place=services.place,
            paces=Paces.of(services.clock_us, services.limits),
            calls=Calls(door=door, audio=services.audio, country=services.place.country),
            locate=_locate(services, door),
            played=Played(door),
            corrections=Corrections(door, services.holds),
            live=LiveCallsUp(door, services.node, Board(services.node)),
            users=Users(door),
            tokens=Tokens(door),
            sign_in_codes=SignInCodes(door),
            confirmations=Confirmations(door),
            steps=SignIn(ground),
            enrolment=Enrolment(ground),
            sessions=_sessions(services),
            service_tokens=ServiceTokens(door, approvals),
            exports=Exports(door=door, audio=services.audio, room=ExportSlots()),
            traces=Traces(door=door, audio=services.audio),
            agents=Agents(door, services.holds),
            ledger=Ledger(door),
            approvals=approvals,
            policies=policies,
            journal=Journal(door),
            jobs=Jobs(door),
            runner=runner,
            retention=Retention(door),
            simulations=Simulations(door, runner),
            key_epochs=KeyEpochs(door, services.backup),
            measures=CaseMeasures(door, approvals),
            restored_keystore=_keystore(services, door, approvals),
            retention_events=RetentionEvents(door, approvals),
            rule_packs=RulePacks(door, policies),
            certificates=Certificates(door, services.certificates),
            destruction=DestructionPlans(door, approvals, services.daemon.plans),
            overdue=Overdues(door),
            clock=MachineClock(door, services.daemon.clock),
            holds=LegalHolds(door),
            hold_placements=Placements(door, services.keys),
            hold_releases=Releases(door, approvals),
            upkeep=services.upkeep,
        )


def _locate(services: Services, door: Door) -> Locate:
    """Who ranks calls by what is remembered of them."""
    lookouts = {tenant: Lookout(keeper) for tenant, keeper in services.keepers.items()}
    return Locate(door=door, lookouts=lookouts, country=services.place.country)


def _ground(services: Services, door: Door) -> SignInGround:
    """What people sign in over."""
    return SignInGround.of(services.engine, services.clock_us, services.sign_in, door.alarms)


def _runner(services: Services) -> JobRunner:
    """What works jobs off in this process."""
    engine, clock_us = services.engine.engine, services.clock_us
    return JobRunner(
        CatalogQueue(engine, clock_us), {JobKind.SIMULATION: simulating(engine, clock_us)}
    )


def _keystore(services: Services, door: Door, approvals: Approvals) -> RestoredKeystore:
    """What compares the catalog with the keystore."""
    return RestoredKeystore(door, approvals, services.backup.keys, services.certificates)


def _sessions(services: Services) -> KeptSessions:
    """Of people at pages."""
    purposes = services.place.purposes
    return KeptSessions(engine=services.engine, clock_us=services.clock_us, purposes=purposes)
