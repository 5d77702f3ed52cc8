"""What tests of survey rounds share."""

from prometheus_client import CollectorRegistry

from api.destruction.gauges import RetentionGauges
from api.destruction.survey_rounds import SurveyRounds
from archive.ids import DEFAULT_TENANT
from tests.api.destruction.scene import Installation


def rounds_of(it: Installation, registry: CollectorRegistry) -> SurveyRounds:
    """Those of a process."""
    return SurveyRounds(
        engine=it.it.engine,
        clock_us=lambda: it.it.now_us,
        tenant=DEFAULT_TENANT,
        key_client=it.key_client,
        gauges=RetentionGauges(registry),
    )


def walk(rounds: SurveyRounds) -> int:
    """How many batches were judged until there was nothing to do."""
    count = 0
    while rounds.step():
        count += 1
    return count
