"""What a call of SIPREC is offered and answered."""

from capture.recording.outputs import Listen
from capture.sip.message import Response
from tests.capture.siprec.stage import Stage, invite


def last_answer(stage: Stage) -> Response:
    """The last response to an INVITE."""
    return stage.answers()[-1]


def test_the_sockets_hear_before_the_client_is_told_of_them(stage: Stage) -> None:
    """Its first packet may come before our next instruction."""
    stage.peer(invite()).then("Listen 2", "200 INVITE", "Record")

    (listen,) = [each for each in stage.outputs if isinstance(each, Listen)]
    assert listen.pairs == tuple(each.pair for each in stage.session.streams)


def test_the_answer_says_that_we_record_and_echoes_the_labels(stage: Stage) -> None:
    """`+sip.srs` in Contact (RFC 7866 §6.2), and the labels that metadata refers to."""
    stage.peer(invite())

    answer = last_answer(stage)
    assert answer.contact is not None
    assert answer.contact.param(b"+sip.srs") is not None
    lines = answer.body.splitlines()
    assert [line for line in lines if line.startswith(b"a=label")] == [b"a=label:96", b"a=label:97"]
    assert lines.count(b"a=recvonly") == 2


def test_each_stream_has_a_port_of_its_own(stage: Stage) -> None:
    """Ports, streams and what the worker is told agree."""
    stage.peer(invite())

    ports = [line.split()[1] for line in last_answer(stage).body.splitlines() if line[:2] == b"m="]
    assert [b"%d" % each.port for each in stage.session.streams] == ports
    assert len(set(ports)) == 2
    (record,) = stage.records()
    assert [each.pair for each in record.streams] == [each.pair for each in stage.session.streams]
