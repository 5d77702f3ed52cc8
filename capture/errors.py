"""The errors of `capture`, split by whose fault they are.

Knows nothing of what is done about them, and carries no number, name or body of a message.
"""

from typing import Final

BAD_REQUEST: Final = 400


class CaptureError(Exception):
    """Root of everything that `capture` raises by name."""


class CertificatesUnusable(CaptureError):
    """A certificate, a key or a list of authorities that cannot be used; says which file."""


class PeerBrokeProtocol(CaptureError):
    """The other side did something the standard forbids; answer and carry on.

    `clause` is the sentence of the standard ("RFC 3261 §20.16"), `detail` says what is wrong
    in words that may be logged (a header's name, never its value), `answer_with` is the SIP
    status that tells the peer, `header` the header that cannot be read, "" where none is known.
    """

    def __init__(self, clause: str, detail: str, *, answer_with: int = BAD_REQUEST) -> None:
        super().__init__(f"{detail} ({clause})")
        self.clause = clause
        self.detail = detail
        self.answer_with = answer_with
        self.header = ""
