"""What tests of explanations share."""

from pathlib import Path

from hypothesis import strategies as st
from sqlalchemy import Engine

from archive.call.events import Event, RouteTaken
from archive.catalog.index.agents import import_agents
from retention.policies.policy import RetentionPolicy
from retention.rules.conditions import CALL_END, AttributeKind
from retention.rules.match import Match
from retention.rules.rule import Minimum, Rank
from tests.archive.catalog.examples import (
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
)
from tests.retention.examples import TOKYO as IN_TOKYO, rule
from tests.support.catalog.retained import AGENTS

VALUES: dict[AttributeKind, list[str]] = {
    AttributeKind.TAG: ["vip", "contract:k-1"],
    AttributeKind.QUEUE: ["support", "sales"],
    AttributeKind.CONTROLLER: ["acme"],
    AttributeKind.AGENT: ["a17"],
    AttributeKind.TEAM: ["loans"],
    AttributeKind.NUMBER: ["2001", "+81312*", "+8190*"],
    AttributeKind.DIRECTION: ["inbound", "unknown"],
    AttributeKind.SOURCE: ["sbc-tokyo", "elsewhere"],
    AttributeKind.BASIS: ["contract"],
    AttributeKind.NOTICE: ["none"],
}


def routed(queue: str, *tags: str, controller: str = "") -> Event:
    return RouteTaken(
        at_us=STARTED_US, route="r", target="t", mode="yes", queue=queue, purpose="",
        controller=controller, tags=tags,
    )  # fmt: skip


def archive(folder: Path) -> Engine:
    """Calls of every kind that rules tell apart; two are of one conversation, one is up."""
    engine = new_catalog(folder)
    import_agents(engine, AGENTS.encode(), TOKYO, access())
    adopt(
        engine,
        adoption(1),
        adoption(2, (*inbound(), routed("Support", "VIP", "basis:contract", controller="Acme"))),
        adoption(3, (*inbound(), routed("sales", "contract:K-1"), of_group("g"))),
        adoption(4, (*inbound(agent="sip:2002@pbx.example"), of_group("g"))),
        adoption(5, inbound(customer="sip:anonymous@anonymous.invalid")),
        adoption(6, is_last=False),
        adoption(7, inbound(customer="sip:+819012345678@carrier.example")),
    )
    return engine


def matches() -> st.SearchStrategy[Match]:
    kinds = st.dictionaries(st.sampled_from(sorted(VALUES)), st.integers(0, 2), max_size=2)
    values = kinds.map(
        lambda named: {
            kind: frozenset({VALUES[kind][at % len(VALUES[kind])]}) for kind, at in named.items()
        }
    )
    return st.builds(Match, values, values)


RULES = st.tuples(
    st.sampled_from(Rank),
    matches(),
    st.sampled_from(["", "P1D", "P1Y"]),
    st.sampled_from(["", "P1D", "P10Y"]),
    st.sampled_from([CALL_END, CALL_END, "contract_end", "agent_left"]),
    st.booleans(),
)


POLICIES = st.lists(RULES, min_size=1, max_size=4).map(
    lambda drawn: RetentionPolicy(
        rules=tuple(
            rule(
                f"r{at}", rank=rank, match=match, at_least=at_least, after=after, begins=begins,
                specificity=match.specificity, minimum=Minimum(whole_conversation=whole),
            )
            for at, (rank, match, at_least, after, begins, whole) in enumerate(drawn)
        ),
        calendars=IN_TOKYO,
    )
)  # fmt: skip
