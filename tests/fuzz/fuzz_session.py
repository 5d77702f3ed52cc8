"""Fuzz target for whole recording sessions: a few datagrams of a client, one after the other.

Run `python -m tests.fuzz.fuzz_session -max_total_time=600 -rss_limit_mb=512 <corpus>`; the sessions
of `python -m tests.fuzz.seeds <folder>` make a good corpus. Nothing may come out, and no 500.
"""

import sys

import atheris

with atheris.instrument_imports(include=["capture"]):
    from capture.sip.flow import Address
    from capture.sip.message import Response
    from capture.sip.stun import answer_to
    from tests.capture.siprec.stage import CLIENT, NETWORK, Stage
    from tests.fuzz.seeds import BETWEEN

OUR_FAULT = 500
CLIENTS = (Address("192.0.2.1", 5060), Address("2001:db8::1", 5060))


def ask_for_address(data: bytes) -> None:
    """A datagram that may be STUN; the answer fits a datagram and is none that asks."""
    for client in CLIENTS:
        answer = answer_to(data, client)
        assert answer is None or answer_to(answer, client) is None


def play(data: bytes) -> None:
    """Each piece is a datagram; the first byte chooses the source and whether state is kept."""
    kind, datagrams = data[:1], data[1:].split(BETWEEN)
    chosen = kind[0] if kind else 0
    stage = Stage(source=NETWORK if chosen & 1 else CLIENT, reloaded=bool(chosen & 2))
    for datagram in datagrams:
        stage.peer(datagram)
    stage.until(stage.now_s + 200.0).closed()
    answers = [each for each in stage.messages() if isinstance(each, Response)]
    refused = [each for each in answers if each.status == OUR_FAULT]
    assert len(datagrams) > 1 or not refused, "500 is for a request that comes too early or late"


def read_everything(data: bytes) -> None:
    """One input through both."""
    ask_for_address(data)
    play(data)


def main() -> None:
    """Fuzz until told to stop by libFuzzer's options."""
    atheris.Setup(sys.argv, read_everything)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
