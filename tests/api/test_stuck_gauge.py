"""Parts that are stuck, as Prometheus sees them."""

from api.alarms import Alarms
from api.stuck_gauge import show_stuck_parts


def test_what_is_stuck_is_counted_whenever_it_is_asked_for() -> None:
    """A count of the start would be green for ever, or red after the mend."""
    registry, stuck = Alarms().registry, [3, 0]
    show_stuck_parts(registry, lambda: stuck.pop(0))

    seen = [registry.get_sample_value("rokuon_stuck_parts") for _ in range(2)]

    assert seen == [3, 0]
