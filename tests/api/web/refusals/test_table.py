"""The table of refusals."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest
from sqlalchemy.exc import OperationalError

import api
import archive
import retention
from api.permissions.errors import (
    NotAllowed,
    NotAuthenticated,
    NotFound,
    NotPossible,
    Refused,
    TooManyRequests,
)
from api.permissions.verbs import Verb
from api.web.app import application
from api.web.http.language import Reader
from api.web.refusals.table import (
    APPROVALS,
    KINDS,
    LIVE,
    PASSWORDS,
    SIGN_IN,
    answer,
    codes,
    kind_of,
)
from api.words.texts import in_english
from archive.access.approvals import ApprovalRefused
from archive.call.live import Why
from archive.errors import HeaderDamaged, KeyRefused
from archive.reading.sound.formats import CodecUnavailable
from rokuon.messages.i18n import words_in
from tests import ROOT

PRIVATE = "+81312347788"
READER = Reader("en", in_english)
DOCUMENT = ROOT / "docs/api.md"


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (NotAuthenticated(PRIVATE), 401, "not_authenticated"),
        (NotAllowed(Verb.SEARCH), 403, "not_permitted"),
        (NotFound(PRIVATE), 404, "not_found"),
        (TooManyRequests(0.2), 429, "too_many_requests"),
        (HeaderDamaged(PRIVATE), 500, "recording_damaged"),
        (CodecUnavailable(PRIVATE, ""), 501, "codec_unavailable"),
        (KeyRefused(PRIVATE), 503, "unavailable"),
        (OperationalError(PRIVATE, {}, ValueError(PRIVATE)), 503, "unavailable"),
    ],
)
def test_each_refusal_has_its_status_and_a_code_that_stays(
    refusal: Exception, status: int, code: str
) -> None:
    """Programs go by the code, people by the text; neither learns what went wrong inside."""
    problem = answer(refusal)

    assert (problem.status, problem.code) == (status, code)
    assert PRIVATE.encode() not in problem.response(READER).body


# What nobody is told: roots, what becomes another refusal or a page, and what is wrong inside.
NOT_SAID = {
    "api": {
        "ApiError", "Refused", "MomentUnclear", "NoLongerTrusted",
        "NotUnderstood", "SealBroken", "Stopped", "ZoneNeeded", "_Unclear",
    },
    "archive": {
        "ArchiveAway", "ArchiveError", "CatalogOutdated", "CatalogTooOld", "ColumnsForeign",
        "ColumnsMissing", "ColumnsOtherForm", "ColumnsOverfull", "ColumnsRefused", "ColumnsStale",
        "ColumnsTorn", "CryptoUnusable",
        "FactsUnread", "IntakeListDamaged", "KeystoreNewer", "KeystoreTooOld", "LeaseLost",
        "MapFault", "MessageMalformed", "NameRefused", "NoSuchLane", "NodeKeyConflict",
        "NotGranted", "NotPacked", "NothingOpened", "ObjectDiffers", "ObjectMissing",
        "PartContradicted",
        "PartInUse", "PartOutOfPlace", "PartsDiffer", "QueueAway", "RecordingDestroyed",
        "SetMissing", "SetOutdated", "SetUnverified", "ShortWrite",
        "StampRefused", "StampWrong",
        "StillThere", "Stuck", "Unopened", "_HungUp",
    },
    "retention": {"OutOfTurn", "PeriodUnreadable", "RetentionError"},
}  # fmt: skip


def errors_of(folder: ModuleType) -> Iterator[type[Exception]]:
    """Every class of error that a folder has."""
    for module in walk_packages(folder.__path__, f"{folder.__name__}."):
        if ".migrations" not in module.name:
            import_module(module.name)
    kinds: list[type[Exception]] = [Exception]
    for kind in kinds:
        kinds.extend(each for each in kind.__subclasses__() if each not in kinds)
    return (kind for kind in kinds if kind.__module__.startswith(f"{folder.__name__}."))


@pytest.mark.parametrize("folder", [api, archive, retention])
def test_every_refusal_is_answered_in_words(folder: ModuleType) -> None:
    """A new one that is not would be answered 500."""
    handled = application().exception_handlers.keys() - {Exception}
    missing = [kind.__name__ for kind in errors_of(folder) if handled.isdisjoint(kind.__mro__)]

    assert sorted(missing) == sorted(NOT_SAID[folder.__name__])


def test_what_the_journal_says_of_a_refusal_is_its_code() -> None:
    """Who reads both sees the same word."""
    assert all(
        kind.code == refused.code for refused, kind in KINDS.items() if issubclass(refused, Refused)
    )


@pytest.mark.parametrize("why", [why for why in Why if why is not Why.NOT_LIVE])
def test_every_reason_of_a_live_call_has_its_sentence(why: Why) -> None:
    """`not_live` becomes 404 before it is said."""
    problem = answer(NotPossible(why))

    assert (problem.status, problem.code, problem.why) == (409, "not_possible", why)
    assert problem.detail.source == LIVE[why]


def test_every_reason_of_a_proposal_has_its_code() -> None:
    """A program tells them apart by it."""
    assert {answer(ApprovalRefused(why)).code for why in APPROVALS} == {
        f"approval_{why}" for why in APPROVALS
    }


def test_a_refusal_with_details_is_answered_as_its_kind() -> None:
    """`HeaderDamaged` is one way in which a recording is damaged."""
    assert kind_of(HeaderDamaged).code == "recording_damaged"


def test_every_text_says_what_to_do_next() -> None:
    """One clause what is so, another one what helps; and both in Japanese."""
    texts = [kind.text for kind in KINDS.values()] + [*APPROVALS.values(), *LIVE.values()]
    texts += [*(kind.text for kind in SIGN_IN.values()), *PASSWORDS.values()]

    assert [text for text in texts if not re.search(r"[;:,] ", text)] == []
    assert [text for text in texts if words_in("ja", text) == text] == []


def test_a_missing_decoder_is_named_with_the_extra_that_has_it() -> None:
    """Who reads it knows what to install; the name of the codec is one of our table's."""
    told = READER.told(answer(CodecUnavailable("opus")).detail)

    assert "OPUS" in told
    assert "'codecs'" in told


def test_the_page_has_every_code_of_each_status() -> None:
    """403 has several, and a program must tell them apart."""
    page = DOCUMENT.read_text("utf-8").partition("## Refusals")[2]

    assert len(codes()[403]) == 10
    for status, each in codes().items():
        (row,) = re.findall(rf"^\| {status} \| (.*) \|$", page, re.MULTILINE)
        assert tuple(re.findall("`(.*?)`", row)) == each
