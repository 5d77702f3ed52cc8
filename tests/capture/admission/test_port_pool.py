"""Port pairs: one call each, and rest between two."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from capture.admission.port_pool import Grant, PortPool

REST_US = 30_000_000
PAIRS = 12
WORKERS = 3


def test_pairs_are_of_one_worker_and_given_in_order() -> None:
    """Pair n is worker n % workers'."""
    pool = PortPool(8, 2, REST_US)

    assert pool.take(2, 0, [0, 1]) == Grant(0, (0, 2))
    assert pool.take(2, 0, [1, 0]) == Grant(1, (1, 3))
    assert pool.take(1, 0, [1]) == Grant(1, (5,))
    assert pool.free() == 3


def test_the_first_worker_that_has_enough_pairs_is_taken() -> None:
    """Who asks knows which worker should get the call; only ports can overrule that."""
    pool = PortPool(4, 2, REST_US)
    pool.take(1, 0, [0])

    assert pool.take(2, 0, [0, 1]) == Grant(1, (1, 3))
    assert pool.take(1, 0, [0, 1]) == Grant(0, (2,))


def test_none_is_given_where_no_worker_has_enough() -> None:
    """A call is not split over workers, and nothing is taken from anyone."""
    pool = PortPool(4, 2, REST_US)

    assert pool.take(3, 0, [0, 1]) is None
    assert pool.take(1, 0, []) is None
    assert pool.free() == 4


def test_the_reserve_is_for_who_asks_for_it() -> None:
    """It lies with one worker, so that a call finds all its pairs there."""
    pool = PortPool(12, 2, REST_US)
    pool.reserve = 4
    assert pool.take(6, 0, [0, 1]) == Grant(0, (0, 2, 4, 6, 8, 10))
    assert pool.take(2, 0, [0, 1]) == Grant(1, (1, 3))
    assert not pool.could_take(1, 0, [0, 1])
    assert pool.take(1, 0, [0, 1]) is None

    assert pool.take(0, 0, [1]) == Grant(1, ())
    assert pool.take_reserved(2, 0, [0, 1]) == Grant(1, (5, 7))
    assert pool.take_reserved(2, 0, [0, 1]) == Grant(1, (9, 11))
    assert pool.take_reserved(1, 0, [0, 1]) is None


def test_a_pair_rests_before_another_call_gets_it() -> None:
    """A late packet must not land in another customer's recording."""
    pool = PortPool(1, 1, REST_US)
    grant = pool.take(1, 0, [0])
    assert grant is not None
    pool.give_back(grant.pairs, 1_000)

    assert pool.take(1, REST_US + 999, [0]) is None
    assert pool.take(1, REST_US + 1_000, [0]) == grant


def test_pairs_come_round_in_the_order_in_which_they_were_given_back() -> None:
    """Each rests as long as can be."""
    pool = PortPool(3, 1, REST_US)
    pool.take(3, 0, [0])
    pool.give_back([1], 0)
    pool.give_back([0, 2], 1)

    assert pool.take(3, 2 * REST_US, [0]) == Grant(0, (1, 0, 2))


def test_a_pair_that_a_restored_call_has_is_not_given() -> None:
    """Signalling was replaced; the call was not."""
    pool = PortPool(3, 1, REST_US)
    pool.take_here(0)
    pool.take_here(0)

    assert pool.take(1, 0, [0]) == Grant(0, (1,))


def test_a_pair_on_which_something_arrived_rests_although_no_call_had_it() -> None:
    """Whoever sends there may go on for a while."""
    pool = PortPool(2, 1, REST_US)
    pool.rest(0, 0)
    assert pool.take(1, 0, [0]) == Grant(0, (1,))
    assert pool.take(1, REST_US - 1, [0]) is None
    assert pool.take(1, REST_US, [0]) == Grant(0, (0,))


def test_a_pair_that_a_call_has_cannot_be_put_to_rest() -> None:
    """It would be given to a second call while the first goes on."""
    pool = PortPool(1, 1, REST_US)
    pool.take(1, 0, [0])
    pool.rest(0, 0)

    assert pool.take(1, 10 * REST_US, [0]) is None


class Counted(int):
    """A pair that counts how often it is compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return int(self) == other

    def __hash__(self) -> int:
        return int.__hash__(self)


def test_taking_a_pair_from_the_middle_looks_at_no_other() -> None:
    """A restart does so for each pair of each call; all those before it would cost a second."""
    pool = PortPool(9_000, 2, REST_US)
    Counted.compared = 0
    for pair in reversed(range(9_000)):
        assert pool.take_here(Counted(pair))

    assert Counted.compared <= 2 * 2 * 9_000
    assert pool.free() == 0


def test_whether_there_are_pairs_is_asked_without_taking_any() -> None:
    """As `take` would find it: by worker, and those that have rested count."""
    pool = PortPool(4, 2, REST_US)

    assert pool.could_take(2, 0, [1])
    assert not pool.could_take(3, 0, [0, 1])
    assert not pool.could_take(1, 0, [])
    assert pool.take(2, 0, [1]) == Grant(1, (1, 3))
    assert not pool.could_take(1, 0, [1])
    pool.give_back([1], 0)
    assert not pool.could_take(1, REST_US - 1, [1])
    assert pool.could_take(1, REST_US, [1])


class Hands(RuleBasedStateMachine):
    """Calls come and go, pairs are put to rest; nobody ever has another's."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = PortPool(PAIRS, WORKERS, REST_US)
        self.now_us = 0
        self.calls: list[Grant] = []
        self.resting: dict[int, int] = {}

    @rule(count=st.integers(0, 3), among=st.sets(st.integers(0, WORKERS - 1)))
    def call(self, count: int, among: set[int]) -> None:
        grant = self.pool.take(count, self.now_us, sorted(among))
        if grant is not None:
            assert len(set(grant.pairs)) == count
            assert all(pair % WORKERS == grant.worker for pair in grant.pairs)
            assert all(self.resting.pop(pair, 0) <= self.now_us for pair in grant.pairs)
            self.calls.append(grant)

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def hang_up(self, data: st.DataObject) -> None:
        grant = self.calls.pop(data.draw(st.integers(0, len(self.calls) - 1)))
        self.pool.give_back(grant.pairs, self.now_us)
        self.resting |= dict.fromkeys(grant.pairs, self.now_us + REST_US)

    @rule(pair=st.integers(0, PAIRS - 1))
    def noise(self, pair: int) -> None:
        self.pool.rest(pair, self.now_us)

    @rule(step_us=st.integers(0, 2 * REST_US))
    def wait(self, step_us: int) -> None:
        self.now_us += step_us

    @invariant()
    def no_pair_is_in_two_hands(self) -> None:
        held = [pair for grant in self.calls for pair in grant.pairs]
        assert len(held) == len(set(held))
        assert self.pool.free() <= PAIRS - len(held)


TestHands = Hands.TestCase
