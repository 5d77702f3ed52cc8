"""What tests of phones share."""

from typing import Final

import pytest

from tests.scenarios.phones import baresip, kamailio, pjsua, sipp, voip
from tests.scenarios.senders import Speech

THIRD_SAYS: Final = Speech(file="ja-agent.ulaw", from_s=0.5)


MISSING: Final = {
    phone.__name__.rpartition(".")[2]: phone.why_not()
    for phone in (pjsua, voip, baresip, sipp, kamailio)
}


def needs(*phones: str) -> pytest.MarkDecorator:
    """Skip, with the reason, where one of them cannot run."""
    why = "; ".join(MISSING[phone] for phone in phones if MISSING[phone])
    return pytest.mark.skipif(bool(why), reason=why or "all are here")
