"""What somebody should look at."""

from prometheus_client import generate_latest
from structlog.testing import capture_logs

from api.alarms import Alarms


def test_an_alarm_is_a_line_and_a_count_without_names() -> None:
    """The line leads to the entry; the count has no label that could be somebody's."""
    alarms = Alarms()
    with capture_logs() as lines:
        alarms.glass_broken(17)
    shown = generate_latest(alarms.registry).decode().splitlines()

    assert lines == [{"event": "glass was broken", "journal": 17, "log_level": "warning"}]
    assert "rokuon_broken_glass_total 1.0" in shown
    assert not any("{" in line for line in shown)
