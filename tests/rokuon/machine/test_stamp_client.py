"""Asking a server of time stamps."""

from pathlib import Path

import pytest

from archive.certificates.time_stamps import Question
from archive.errors import StampRefused
from rokuon.machine.stamp_client import ask_for_stamp
from tests.stamping import Stamper, serving


def test_an_answer_comes_as_it_is_and_any_other_is_refused(tmp_path: Path) -> None:
    """A page of a proxy with status 200 is none either; a server that is away is an `OSError`."""
    stamper = Stamper(tmp_path / "stamper")
    stamper.prepare()
    question = Question.about(b"content")
    with serving(stamper) as server:
        answer = ask_for_stamp(f"{server.url}?a=b", question.der)
        server.status = 302
        with pytest.raises(StampRefused, match="302"):
            ask_for_stamp(server.url, question.der)

    assert question.take(answer)
    with pytest.raises(OSError, match=r"refused"):
        ask_for_stamp(server.url, question.der)
