"""Which pages there are, in the order of the bar, and which verb each needs.

Pure. Knows nothing of what is on them.
"""

from dataclasses import dataclass
from typing import Final

from api.permissions.verbs import Verb
from api.words.texts import said

# Where what waits for somebody is counted.
APPROVALS: Final = "/approvals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A page of the navigation: its address, its name, its icon, and the verb that it needs.

    `also` are the addresses of further pages that belong to it.
    """

    path: str
    name: str
    icon: str
    verb: Verb
    also: tuple[str, ...] = ()


WAYS: Final = (
    Way(path="/calls", name=said("Find"), icon="search", verb=Verb.SEARCH),
    Way(path="/live", name=said("Live"), icon="activity", verb=Verb.LIVE),
    Way(path="/health", name=said("Health"), icon="shield", verb=Verb.HEALTH),
    Way(path="/journal", name=said("Journal"), icon="book", verb=Verb.JOURNAL),
    Way(
        path="/policies",
        name=said("Retention"),
        icon="archive",
        verb=Verb.POLICY_READ,
        also=(
            "/policy-draft",
            "/simulations",
            "/holds",
            "/hold-draft",
            "/plans",
            "/due",
            "/overdue",
            "/tombstones",
            "/clock",
            "/jobs",
        ),
    ),
    Way(
        path="/people",
        name=said("People"),
        icon="users",
        verb=Verb.PEOPLE_READ,
        also=("/agents",),
    ),
    Way(path=APPROVALS, name=said("Approvals"), icon="check", verb=Verb.APPROVE),
)
# The pages of retention, among themselves.
RETENTION: Final = (
    Way(path="/policies", name=said("Policy"), icon="", verb=Verb.POLICY_READ),
    Way(path="/holds", name=said("Legal holds"), icon="", verb=Verb.HOLD_READ),
    Way(path="/plans", name=said("Destruction"), icon="", verb=Verb.DESTRUCTION_READ),
    Way(path="/due", name=said("Due next"), icon="", verb=Verb.DESTRUCTION_READ),
    Way(path="/overdue", name=said("Overdue"), icon="", verb=Verb.DESTRUCTION_READ),
    Way(path="/tombstones", name=said("Destroyed recordings"), icon="", verb=Verb.DESTRUCTION_READ),
    Way(path="/clock", name=said("Clock"), icon="", verb=Verb.DESTRUCTION_READ),
    Way(path="/jobs", name=said("Jobs"), icon="", verb=Verb.JOB_READ),
)
# Everybody's own page: where one lands who may see none of the others.
OWN: Final = "/me"


def ways_of(verbs: frozenset[Verb]) -> tuple[Way, ...]:
    """The pages that somebody with these verbs may see."""
    return tuple(way for way in WAYS if way.verb in verbs)


def first_of(verbs: frozenset[Verb]) -> str:
    """Where somebody with these verbs begins."""
    return next((way.path for way in ways_of(verbs)), OWN)


def is_within(path: str, way: Way) -> bool:
    """Whether a page belongs to that way."""
    return any(path == each or path.startswith(f"{each}/") for each in (way.path, *way.also))
