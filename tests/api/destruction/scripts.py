"""Random scripts: an archive, its rules, and what is done before, in and beside its runs.

Knows nothing of what must become of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from tests.api.destruction.model import Clue, ModelRule

QUEUES, TAGS = ("support", "sales"), ("vip", "loan")
CUSTOMERS, EXTENSIONS, AGENTS = ("+81312347788", "+81312340000"), ("2001", "2002"), ("a17", "a18")
CLUES: tuple[Clue, ...] = (
    *(("queue", each) for each in QUEUES),
    *(("tag", each) for each in TAGS),
    *(("number", each) for each in CUSTOMERS),
    *(("agent", each) for each in AGENTS),
)
FACTS = tuple[date, str, str, str, str, str, bool]
NO_OPTION = (False, False)


@dataclass(frozen=True)
class Act:
    """Something that somebody does; `at` chooses a call or a hold among those that there are."""

    what: str
    at: int = 0
    clues: tuple[Clue, ...] = ()
    options: tuple[bool, bool] = NO_OPTION
    rules: tuple[ModelRule, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Stage:
    """What is done before a plan, before its run, and just before the keys of its first batch."""

    before: tuple[Act, ...]
    between: tuple[Act, ...]
    beside: Act | None
    share: Fraction
    window: bool


def rule_sets() -> st.SearchStrategy[tuple[ModelRule, ...]]:
    matches = st.lists(st.sampled_from(CLUES), max_size=2, unique_by=lambda one: one[0])
    one = st.builds(
        lambda rank, match, years: (rank, tuple(match), *years),
        st.sampled_from(["policy", "policy", "contract", "law"]),
        matches,
        st.sampled_from([(0, 1), (0, 1), (0, 2), (2, 0), (1, 2), (3, 1)]),
    )
    return st.lists(one, min_size=1, max_size=4).map(
        lambda drawn: tuple(ModelRule(f"r{at}", *each) for at, each in enumerate(drawn))
    )


CALLS = st.lists(
    st.builds(
        lambda age, *facts: (date(2028, 9, 20) - timedelta(days=age), *facts),
        st.sampled_from([0, 400, 400, 800, 1_200]),
        st.sampled_from(("", *QUEUES)),
        st.sampled_from(("", *TAGS)),
        st.sampled_from(CUSTOMERS),
        st.sampled_from(EXTENSIONS),
        st.sampled_from(("", "", "g")),
        st.sampled_from((True, True, True, False)),
    ),
    min_size=2,
    max_size=6,
)
AT = st.integers(0, 7)
SOME = st.lists(st.sampled_from(CLUES), max_size=1).map(tuple)
PLACED = st.builds(Act, st.just("hold"), AT, SOME, st.tuples(st.booleans(), st.booleans()))
WHOLE = st.sampled_from([NO_OPTION, (False, True)])
LISTED = st.builds(Act, st.just("list"), AT, options=WHOLE)
SAID = st.builds(Act, st.sampled_from(["tag", "untag", "queue"]), AT, value=st.sampled_from(TAGS))
CASES = st.builds(Act, st.sampled_from(["freeze", "granted", "court"]), AT)
SEATED = st.builds(Act, st.just("seat"), AT)
ACTS = st.one_of(
    PLACED, LISTED, SAID, CASES, SEATED,
    st.builds(Act, st.sampled_from(["release", "lift", "end", "call"]), AT),
    st.builds(Act, st.just("revise"), rules=rule_sets()),
    st.builds(Act, st.just("pass"), st.sampled_from([1, 8, 400])),
)  # fmt: skip
STAGES = st.builds(
    Stage,
    st.lists(ACTS, max_size=4).map(tuple),
    st.lists(ACTS, max_size=3).map(tuple),
    st.one_of(st.none(), PLACED, LISTED, SAID, SEATED, st.builds(Act, st.just("freeze"), AT)),
    st.sampled_from([Fraction(1), Fraction(1), Fraction(1, 3)]),
    st.booleans(),
)
