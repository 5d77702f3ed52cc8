"""Errors as sentences."""

import pytest

from archive.access.query import QueryRefused
from archive.errors import KeyRefused, KeyUnavailable, SegmentDamaged
from archive.flaws import Flaw
from archive.keys.errors import EpochKeyMissing, KeystoreTooOld, Refusal
from capture.errors import CertificatesUnusable
from rokuon.machine.api_client import ApiAway, ApiRefused
from rokuon.messages.error_words import words_of
from rokuon.messages.errors import NotReady
from tests import ROOT

FOLDERS = ("api", "archive", "capture", "retention", "rokuon")
NOT_FOR_PEOPLE = {
    "api/operation/job_runner.py",  # the name of an error, for who looks for it in the log
    "rokuon/selftest/phones/programs/orders.py",  # what a phone's library raised
    "archive/catalog/database/engine.py",  # what a database refused; its own words may have values
    "archive/catalog/database/database_errors.py",  # the same, where nothing else is said
    "capture/siprec/metadata_intake.py",  # an event's field for metadata that says nothing else
}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyUnavailable("no daemon"), "the keys cannot be had: no daemon"),
        (EpochKeyMissing("epoch 3"), "the keys cannot be had: epoch 3"),
        (KeyRefused(Refusal.KEY_DESTROYED), "its key is destroyed"),
        (
            KeystoreTooOld("keystore version 7, from before the first release"),
            "the keystore was made before the first release, and no step leads from there to this "
            "version: leave it and its catalog to the version that made them, and begin with "
            "folders of their own (docs/how-to/operate/upgrade.md)",
        ),
        (SegmentDamaged(3), "the recording is damaged: segment 3: the tag does not verify"),
        (
            QueryRefused("window.to", Flaw.ENDS_FIRST),
            "the window ends before it begins; put the earlier time first",
        ),
        (
            ApiRefused({"detail": "一時停止していません。", "why": "not_paused"}, 409),
            "一時停止していません。",
        ),
        (ApiRefused({}, 502), "no reason is given"),
        (
            ApiRefused({"detail": "no", "errors": [{"detail": "line 2"}]}, 422),
            "no\nline 2",
        ),
        (ApiRefused({"detail": "not yet"}, 503, "7"), "not yet\ntry again in 7 s"),
        (ApiRefused({"detail": "not yet"}, 503), "not yet"),
        (ApiRefused({"detail": "after 7 s"}, 429, "7"), "after 7 s"),
        (
            ApiAway("/run/api.sock"),
            "Rokuon does not answer at /run/api.sock; start it with: rokuon serve",
        ),
        (NotReady("start it"), "start it"),
        (
            CertificatesUnusable("/a.pem: KEY_VALUES_MISMATCH"),
            "TLS cannot be used: /a.pem: KEY_VALUES_MISMATCH; rokuon config check says more",
        ),
        (FileNotFoundError(2, "No such file", "/x"), "/x: there is no such file or folder"),
        (NotReady(), "no reason is given"),
    ],
)
def test_an_error_is_said_in_words(error: Exception, words: str) -> None:
    """Words of a protocol and names of classes are for programs."""
    assert words_of(error) == words


@pytest.mark.parametrize("word", Refusal)
def test_every_word_of_a_refusal_has_its_sentence(word: Refusal) -> None:
    """`keys_unavailable` becomes another error before it is said."""
    assert words_of(KeyRefused(word)) != word or word == Refusal.KEYS_UNAVAILABLE


def test_no_text_for_people_is_made_of_a_class_name() -> None:
    """`FileNotFoundError` says something to programmers alone."""
    files = (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    found = {
        str(file.relative_to(ROOT))
        for file in files
        if any(map(_names_a_class, file.read_text("utf-8").splitlines()))
    }

    assert found == NOT_FOR_PEOPLE


def _names_a_class(line: str) -> bool:
    in_log = "log." in line or "reason=type(" in line or "ask=type(" in line
    return "type(" in line and ".__name__" in line and not in_log
