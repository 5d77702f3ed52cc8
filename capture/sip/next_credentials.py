"""What proves who we are in a dialog that has asked for it before: the same nonce, counted on.

Pure (RFC 7616 §3.4, RFC 3261 §22.3). Knows no challenge; that is answered elsewhere.
"""

from typing import Final

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Header
from capture.sip.credentials import ChallengedRequest, renewed
from capture.sip.dialog import Dialog

# RFC 3261 §22.1: neither can be sent again; an ACK says what its INVITE said.
NEVER_CHALLENGED: Final = frozenset({b"ACK", b"CANCEL"})


def proving(dialog: Dialog, method: bytes, agent: Agent) -> tuple[Dialog, tuple[Header, ...]]:
    """What was accepted in this dialog is said again with the next count (RFC 7616 §3.4).

    So whoever has challenged once need not for each request.
    """
    account = agent.accounts(dialog.account) if dialog.given else None
    if account is None or method in NEVER_CHALLENGED:
        return dialog, ()
    asked = ChallengedRequest(method=method, uri=dialog.request_target()[0])
    given = renewed(dialog.given, asked, account, agent.tokens())
    return msgspec.structs.replace(dialog, given=given), given
