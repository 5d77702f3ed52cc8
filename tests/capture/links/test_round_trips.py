"""How long workers take to answer."""

from capture.links.round_trips import RoundTrips


def test_a_lag_grows_while_an_answer_is_waited_for_and_is_what_the_last_one_took() -> None:
    """A worker that stands still never says how late it is."""
    rounds = RoundTrips()
    assert rounds.asks(0, 10.0)
    assert not rounds.asks(0, 12.0)
    assert rounds.lag_s(0, 12.5) == rounds.waited_s(0, 12.5) == 2.5
    rounds.answered(0, 13.0)

    assert rounds.waited_s(0, 20.0) == 0.0
    assert rounds.lag_s(0, 20.0) == 3.0


def test_a_worker_whose_connection_broke_owes_an_answer_until_it_is_asked_anew() -> None:
    """Nobody there to be asked is no better than nobody who answers."""
    rounds = RoundTrips()
    rounds.broke(1, 10.0)
    assert rounds.waited_s(1, 11.0) == 1.0
    rounds.came(1)

    assert rounds.waited_s(1, 12.0) == 0.0
    assert rounds.asks(1, 12.0)
    assert rounds.breaks == {1: 1}
