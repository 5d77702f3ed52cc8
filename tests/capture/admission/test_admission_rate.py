"""The law of docs/adr/0050 before a model of a server, and its rules one by one."""

import pytest

from capture.admission.admission_rate import AdmissionRate
from tests.support.capture.server_model import CARRIED_PER_S, arrivals, served

SECONDS = 12
SETTLED_S = 4
SMALL_PER_S = 5.0


@pytest.mark.parametrize(("load", "least"), [(1.5, 0.8), (2.0, 0.8), (5.0, 0.8), (10.0, 0.6)])
def test_asked_for_more_than_it_carries_a_node_takes_nearly_that_and_says_no_at_once(
    load: float, least: float
) -> None:
    """What is carried, how soon anybody hears, how even it is; and the small source loses none."""
    asked = {"large": load * CARRIED_PER_S, "small": SMALL_PER_S}
    fates = served(arrivals(asked, SECONDS))
    taken = fates.per_second(SETTLED_S, SECONDS)
    mean = sum(taken) / len(taken)

    assert min(taken) >= least * CARRIED_PER_S
    assert max(abs(each - mean) for each in taken) <= 0.2 * mean
    assert fates.p99_s(SETTLED_S) <= 0.05
    assert (fates.refused["large"] > 0, fates.refused["small"]) == (True, 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_pause_of_80_ms_refuses_nobody(seed: int) -> None:
    """The host had other things to do; what came meanwhile is worked off beside what comes."""
    coming = arrivals({"large": 0.6 * CARRIED_PER_S}, 8, seed)

    assert not served(coming, pause=(5.0, 5.08)).refused


def test_once_nobody_is_refused_for_a_second_nothing_limits_any_more() -> None:
    """The next crowd is judged by itself."""
    rate = late(AdmissionRate.begun(-10.0))
    assert rate.is_limited
    for tenth in range(1, 13):
        rate, is_taken = rate.arrived("a", 1.0 + tenth / 10)
        rate, _ = rate.begun_with("a", 1.0 + tenth / 10, 1.0 + tenth / 10)
        assert is_taken

    assert not rate.is_limited


def test_who_came_before_the_node_ran_is_set_up_up_to_four_seconds_late() -> None:
    """Longer than that nobody waits who has another target."""
    rate = AdmissionRate.begun(10.0)
    verdicts = [rate.begun_with("a", arrived_s, 10.5)[1] for arrived_s in (6.6, 6.4)]

    assert verdicts == [True, False]


def test_who_waited_200_ms_is_refused_while_the_node_is_late_alone() -> None:
    """His telephone repeats it at 500."""
    calm = AdmissionRate.begun(-10.0)
    crowd = late(calm)
    for _ in range(50):
        crowd, _ = crowd.arrived("a", 1.0)

    assert calm.begun_with("a", 0.75, 1.0)[1]
    assert not crowd.begun_with("a", 0.75, 1.0)[1]


def late(rate: AdmissionRate) -> AdmissionRate:
    """It after half a second in which everybody waited 50 ms."""
    for tenth in range(6):
        now_s = 0.5 + tenth / 10
        for each in range(10):
            at_s = now_s + each / 200
            rate, _ = rate.arrived("a", at_s)
            rate, _ = rate.begun_with("a", at_s - 0.05, at_s)
        rate = rate.turned(now_s + 0.05, now_s + 0.05)
    return rate
