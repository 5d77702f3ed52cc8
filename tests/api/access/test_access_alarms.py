"""What somebody should look at."""

from prometheus_client import generate_latest
from structlog.testing import capture_logs

from api.access.access_alarms import PROOFS, Alarms


def test_an_alarm_is_a_line_and_a_count_without_names() -> None:
    """The line leads to the entry; the count has no label that could be somebody's."""
    alarms = Alarms()
    with capture_logs() as lines:
        alarms.glass_broken(17)
    shown = generate_latest(alarms.registry).decode().splitlines()

    assert lines == [{"event": "glass was broken", "journal": 17, "log_level": "warning"}]
    assert "rokuon_broken_glass_total 1.0" in shown
    assert {line.partition("{")[2].partition("}")[0] for line in shown if "{" in line} == {
        f'by="{each}"' for each in PROOFS
    }


def test_a_failed_authentication_is_a_line_and_a_count_by_its_kind() -> None:
    """Neither says who it was to be, nor what was shown."""
    alarms = Alarms()
    with capture_logs() as lines:
        alarms.authentication_failed("token")
    shown = generate_latest(alarms.registry).decode().splitlines()

    assert lines == [{"event": "authentication failed", "by": "token", "log_level": "warning"}]
    assert 'rokuon_failed_authentications_total{by="token"} 1.0' in shown
    assert 'rokuon_failed_authentications_total{by="password"} 0.0' in shown
