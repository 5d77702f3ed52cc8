"""Messages about certificates: the longest of each kind fits."""

import pytest

from archive.certificates.statement import MAX_BELOW_BYTES
from archive.keys.wire.certificate_messages import (
    MAX_SAID,
    CertificateAnswer,
    Certify,
    SignCertificate,
)
from archive.keys.wire.message import AskMessage
from archive.keys.wire.protocol import LENGTH, MAX_MESSAGE_BYTES, decode_answer, decode_ask, encode
from tests.archive.certificates.examples import PRIVATE, statement

ID = bytes(range(16))
LONGEST = f"a: {'b' * (MAX_BELOW_BYTES - 4)}\n"


@pytest.mark.parametrize(
    "ask",
    [
        Certify(plan=ID, at=1 << 40, said=(bytes(32),) * MAX_SAID),
        SignCertificate(plan=ID, below=LONGEST),
    ],
    ids=lambda ask: type(ask).__name__,
)
def test_the_longest_request_fits_into_a_message(ask: AskMessage) -> None:
    """The client cuts to these lengths, and knows of no others."""
    message = encode(ask)

    assert len(message) <= MAX_MESSAGE_BYTES
    assert decode_ask(message[LENGTH.size :]) == ask


def test_so_does_the_longest_certificate() -> None:
    """It is the answer, in one."""
    answer = CertificateAnswer(content=statement([bytes(32)]).signed(LONGEST, PRIVATE.sign))
    message = encode(answer)

    assert len(message) <= MAX_MESSAGE_BYTES
    assert decode_answer(message[LENGTH.size :], CertificateAnswer) == answer
