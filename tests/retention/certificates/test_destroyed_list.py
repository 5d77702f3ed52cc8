"""Destroyed recordings as certificates tell of them."""

import json
from hashlib import sha256

import pytest

from archive.certificates.statement import recording_leaf
from archive.errors import CertificateDamaged
from retention.certificates.destroyed_list import DestroyedRecording, Said, list_text, read_list
from tests.retention.destroyed_recordings import destroyed


def test_what_is_said_of_one_is_a_line_of_json_as_the_document_has_it() -> None:
    """Its hash is in the leaf: the same facts have to be the same bytes."""
    said = Said(
        rules=("a", "b"),
        revision=3,
        hour="2026-08-29T01Z",
        queues=("受付",),
        controllers=("acme",),
    )

    assert said.line == (
        '{"rules":["a","b"],"revision":3,"hour":"2026-08-29T01Z","queues":["受付"],'
        '"teams":[],"controllers":["acme"]}'
    )
    assert Said.read(said.line) == said
    assert said.sha256 == sha256(said.line.encode()).digest()


@pytest.mark.parametrize(
    "changed",
    [
        lambda line: json.dumps(json.loads(line)),
        lambda line: line.replace('"teams":[],', ""),
        lambda line: line.replace("}", ',"number":"0312345678"}'),
        lambda line: line.replace("queue-90-days", "two words"),
        lambda line: line.replace("01Z", "01:30Z"),
        lambda line: line[:-1],
    ],
)
def test_a_line_that_is_written_otherwise_is_refused(changed) -> None:  # type: ignore[no-untyped-def]
    """Two ways to write one fact would be two leaves; and there is no place for a number."""
    with pytest.raises(CertificateDamaged):
        Said.read(changed(destroyed(1)[0].said.line))


def test_the_leaf_is_over_digest_time_and_what_is_said() -> None:
    """The key daemon makes the same from its own table and the hash of the line."""
    one = destroyed(1)[0]

    assert one.leaf == recording_leaf(one.digest, one.destroyed_us, one.said.sha256)


def test_a_list_reads_back() -> None:
    """All of a run, one line each."""
    recordings = destroyed(7)

    assert read_list(list_text(recordings)) == recordings


def test_a_list_out_of_order_or_with_one_twice_is_refused() -> None:
    """The order of the leaves is part of the root, so it is nobody's choice."""
    one, two, *_ = destroyed(2)
    for wrong in [(two, one), (one, one)]:
        with pytest.raises(CertificateDamaged):
            read_list(list_text(wrong))


@pytest.mark.parametrize(
    "text", ["", "rokuon destroyed recordings 2\n", "rokuon destroyed recordings 1"]
)
def test_another_form_is_refused(text: str) -> None:
    """By name."""
    with pytest.raises(CertificateDamaged):
        read_list(text)


def test_a_digest_has_small_digits_only() -> None:
    """One way to write it."""
    line = destroyed(1)[0].line
    with pytest.raises(CertificateDamaged):
        DestroyedRecording.read(line[:64].upper() + line[64:])
