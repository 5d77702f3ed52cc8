"""What tests of admitting share."""

from capture.sip.flow import Address, Flow
from capture.sip.message import Response
from tests.capture.siprec.stage import HERE, Stage

STRANGER = Flow(transport="udp", local=HERE, remote=Address("198.51.100.7", 5060))


def last_answer(stage: Stage) -> Response:
    """The last response to an INVITE."""
    return stage.answers()[-1]
