"""The words of values in tables."""

from collections.abc import Iterator
from dataclasses import fields
from typing import get_args

import pytest

from api.words.values import WORDS
from archive.call.corrections import kind_of
from archive.call.direction import AGENT_TABLE, CORRECTION, Direction
from archive.call.events import EndReason, ParticipantChange, ResumedBecause, Side, SideBecause
from archive.call.live import Trouble
from archive.call.refusal_reasons import Fate, Reason
from archive.call.sender_events import AttemptOutcome
from archive.call.signalled_holds import ToldBy
from archive.catalog.index.attribution import AttributedBy
from archive.lifecycle.intention import Scope
from capture.inline.state.phases import Phase
from retention.policies.revision import Care
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import State
from rokuon.cli.words.values import KINDS, _words, cell, label, party, setting_label
from rokuon.config.schema import SourceSettings
from rokuon.messages import i18n
from tests.support.archive.corrections import CHANGES

CODES = {
    "direction": get_args(Direction),
    "side": get_args(Side),
    "fate": tuple(Fate),
    "reason": tuple(reason for reason in Reason if reason is not Reason.NONE),
    "phase": get_args(Phase),
    "troubles": tuple(Trouble),
    "what": get_args(ParticipantChange),
    "until_because": get_args(ResumedBecause),
    "side_because": (
        *(code for code in get_args(SideBecause) if code != "played"),
        AGENT_TABLE,
        CORRECTION,
    ),
    "attributed_by": get_args(AttributedBy),
    "kind": tuple(kind_of(change) for change in CHANGES),
    "party": ("caller", "callee"),
    "party_because": ("metadata", "dialect", "invite"),
    "direction_because": ("call_type", "route", "metadata", "dialect", "invite"),
    "told_by": get_args(ToldBy),
    "ended_because": get_args(EndReason),
    "outcome": get_args(AttemptOutcome),
    "care": tuple(Care),
    "asset": tuple(Asset),
    "policy_state": get_args(State),
    "what_goes": get_args(Scope),
}


@pytest.fixture
def in_japanese() -> Iterator[None]:
    """The language belongs to the process."""
    i18n.speak("ja")
    yield
    i18n.speak("en")


@pytest.mark.usefixtures("in_japanese")
@pytest.mark.parametrize(
    ("key", "code"), [(key, code) for key, codes in CODES.items() for code in codes]
)
def test_every_code_that_is_shown_has_its_word(key: str, code: str) -> None:
    """A table half in English is read by nobody; in JSON the codes stay."""
    assert not cell(key, code).isascii()


@pytest.mark.usefixtures("in_japanese")
def test_the_words_are_those_of_the_trade() -> None:
    """`rokuon` speaks as the telephone bill does."""
    assert [cell("direction", code) for code in ("outbound", "inbound")] == ["発信", "着信"]
    assert cell("side", "agent") == "応対者"


@pytest.mark.usefixtures("in_japanese")
def test_labels_are_japanese_and_settings_keep_their_names_beside() -> None:
    """`show`, `reload` and `source test` are read by people who write the settings."""
    assert (label("started_at"), label("restart_for")) == ("開始", "再起動待ちの設定")
    settings = [field.name for field in fields(SourceSettings)]
    assert [name for name in settings if setting_label(name) == f"{name} ({name})"] == []
    assert setting_label("zone") == "タイムゾーン (zone)"


def test_labels_are_words_in_english_too() -> None:
    """A setting is called what it is written."""
    assert (label("started_at"), label("sip.port")) == ("begin", "sip.port")
    assert setting_label("zone") == "zone"


def test_what_has_no_word_is_shown_as_it_is() -> None:
    """Names and numbers are nobody's codes."""
    assert cell("customer", "inbound") == "inbound"
    assert cell("direction", None) == ""
    assert cell("numbers", ["1", "2"]) == "1, 2"
    assert cell("flags", ()) == ""


def test_every_fate_and_every_reason_has_its_word() -> None:
    """One list in the archive, one of words; a code without a word is half a sentence."""
    tables = _words("en")

    assert set(tables["fate"]) == set(Fate)
    assert set(tables["reason"]) == set(Reason) - {Reason.NONE}


def test_a_party_that_refused_is_not_a_call_that_was_refused() -> None:
    """Both are the code `refused`: the one is a reason, the other a fate."""
    assert cell("reason", Reason.PARTY_REFUSED) != cell("fate", Fate.REFUSED)


def test_what_an_older_version_wrote_is_shown_as_it_is() -> None:
    """A row is evidence; it is not lost because nobody writes its reason any more."""
    assert cell("reason", "memory of live calls") == "memory of live calls"


def test_every_end_is_a_sentence() -> None:
    """`media_timeout` tells nobody that no audio came any more."""
    ends = _words("en")["ended_because"]

    assert set(ends) == set(get_args(EndReason))
    assert all(" " in words for words in ends.values())


def test_no_code_has_one_word_on_a_page_and_another_on_the_terminal() -> None:
    """Who is called from a terminal about a page means what stands there."""
    tables = _words("en")
    kinds = {**{key: key for key in tables if key in WORDS}, **KINDS}
    differing = [
        f"{key}: {code}"
        for key, kind in kinds.items()
        for code, word in WORDS[kind].items()
        if code and key != "state" and tables[key].get(code) != word
    ]
    states = {**WORDS["live_state"], **WORDS["state"]}

    assert differing == []
    assert {code: tables["state"][code] for code in states} == states
    assert WORDS["live_state"]["live"] == WORDS["state"]["live"]


def test_what_only_a_terminal_shows_is_of_no_kind_that_pages_have() -> None:
    """A second table of the same codes would be a second word sooner or later."""
    own = {
        key: set(words)
        for key, words in _words("en").items()
        if key not in WORDS and key not in KINDS
    }
    twice = [
        (key, kind)
        for key, codes in own.items()
        for kind, words in WORDS.items()
        if len(codes) > 1 and codes == set(words) and _words("en")[key] != words
    ]

    assert twice == []


def test_a_party_is_a_name_with_its_numbers_and_its_side() -> None:
    """As short as it can be said."""
    who = {"side": "customer", "names": ["佐藤", "Sato"], "numbers": ["+81312347788"]}

    assert party(who) == "佐藤 +81312347788 (customer)"
    assert party({**who, "side_guessed": True}) == "佐藤 +81312347788 (customer, a guess)"
    assert cell("parties", [who, {**who, "side": "unknown", "names": []}]) == (
        "佐藤 +81312347788 (customer), +81312347788 (side not known)"
    )
