"""`rokuon retention policy`, as two persons of the operating system type it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from api.permissions.peers import Peer
from archive.catalog.accounts.single_person import declare_one_person, end_one_person
from retention.policies.policy_text import policy_text
from retention.rules.rule import Rank
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.api import peer_protocol
from rokuon.compose.archive.keeper import recover
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from tests.archive.catalog.examples import author
from tests.retention.examples import policy, rule
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import installation, register_of
from tests.support.cli.policies import ADMIN, LEGAL, OWNER, _people

DEFAULT = rule("default", after="never")
LONGER = policy_text(policy(DEFAULT, rule("law", at_least="P10Y", rank=Rank.LAW)))
SHORTER = policy_text(policy(DEFAULT, rule("support", after="P1Y", queue="support")))
# Whoever types, which words.
Typed = Callable[..., Result]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Typed]:
    """A fresh installation of two persons; texts of policies are files."""
    with installation() as site:
        _people(site)

        def run(who: str, *words: str) -> Result:
            peer = Peer(0, "toor") if who == "root" else Peer(4_711, who)
            monkeypatch.setattr(peer_protocol, "peer_of", lambda _: peer)
            return run_at(site, *(_file(tmp_path, each) for each in words))

        with register_of(site.config) as connection:
            end_one_person(connection, author())
        yield run


def _file(folder: Path, word: str) -> str:
    """A text that begins as a policy does is written to a file, whose name is typed."""
    if not word.startswith("form ="):
        return word
    (folder / "policy.toml").write_text(word)
    return str(folder / "policy.toml")


@pytest.mark.parametrize("who", [OWNER, ADMIN])
def test_an_office_with_one_administrator_takes_over_its_first_policy_on_the_first_afternoon(
    typed: Typed, who: str
) -> None:
    """He makes the others, himself may be one of the two; root says once whom it knows."""
    root = "root"
    for words in (
        ("add", ADMIN), ("role", ADMIN, "administrator"), ("role", ADMIN, "retention_owner"),
        ("os-name", ADMIN, ADMIN),
    ):  # fmt: skip
        assert typed(root, "user", *words).exception is None
    for name, role in (("sato", "retention_owner"), ("mori", "approver")):
        for words in (("add", name), ("role", name, role), ("os-name", name, name)):
            assert typed(ADMIN, "user", *words).exception is None
    proposes = "sato" if who == OWNER else ADMIN
    assert isinstance(
        typed(proposes, "retention", "policy", "import", SHORTER).exception, ApiRefused
    )
    early = typed("mori", "approval", "give", "1").exception
    listed = typed("mori", "approval", "list").output
    himself = typed(ADMIN, "user", "confirm", "mori").exception
    confirmed = typed(root, "user", "confirm", "mori")
    given = typed("mori", "approval", "give", "1")
    done = typed(proposes, "retention", "policy", "import", SHORTER)
    after = typed("mori", "approval", "list").output

    assert isinstance(early, ApiRefused)
    assert isinstance(himself, ApiRefused)
    assert "rokuon user confirm" in words_of(early)
    assert "you may not approve" in listed
    assert himself.code == "another_person_needed"
    assert "mori is confirmed." in confirmed.output
    assert given.exception is None
    assert "cools off" in done.output
    assert "mori was confirmed by root" in after


def test_who_was_reset_is_told_by_every_command(typed: Typed) -> None:
    """It works at once, and knows why its word does not count yet; what root lays is no reset."""
    for words in (("add", ADMIN), ("role", ADMIN, "administrator"), ("os-name", ADMIN, ADMIN)):
        typed("root", "user", *words)
    typed("root", "user", "os-name", LEGAL, "second")
    before = typed(LEGAL, "approval", "list")
    typed(ADMIN, "user", "os-name", LEGAL, "third")
    told = typed(LEGAL, "approval", "list")
    shown = typed(LEGAL, "approval", "list", "-o", "json")
    typed("root", "user", "confirm", LEGAL)
    after = typed(LEGAL, "approval", "list")

    said = "Your way in was reset"
    assert [said in each.stderr for each in (before, told, shown, after)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert json.loads(shown.stdout) == []
    assert "The way in of legal was reset by admin" in told.output


def states(typed: Typed) -> list[tuple[int, str]]:
    """What `list` says for programs."""
    found = json.loads(typed(LEGAL, "retention", "policy", "list", "-o", "json").output)
    return [(each["number"], each["state"]) for each in found]


def test_a_shortening_is_taken_over_by_two_persons_and_cools_off(typed: Typed) -> None:
    """The command says what comes next; then the same command goes on."""
    alone = typed(OWNER, "retention", "policy", "import", SHORTER).exception
    assert isinstance(alone, ApiRefused)
    assert words_of(alone).startswith("Another person must approve it: rokuon approval give 1;")
    shown = typed(LEGAL, "approval", "list").output
    assert states(typed) == [(0, "in_force")]
    typed(LEGAL, "approval", "give", "1")
    done = typed(OWNER, "retention", "policy", "import", SHORTER)
    again = typed(OWNER, "retention", "policy", "import", SHORTER)

    assert 'delete_after = "P1Y"' in shown
    assert "cools off" in done.output
    assert again.output.startswith("nothing changes: it is the latest revision")
    assert states(typed) == [(0, "in_force"), (1, "cooling_off")]


def test_one_person_calls_a_revision_back_that_cools_off(typed: Typed) -> None:
    """It stays in the list, with the day in the policy's zone; what decides is not called back."""
    typed(OWNER, "retention", "policy", "import", SHORTER)
    typed(LEGAL, "approval", "give", "1")
    typed(OWNER, "retention", "policy", "import", SHORTER)
    done = typed(OWNER, "retention", "policy", "call-back", "1").output
    refused = typed(OWNER, "retention", "policy", "call-back", "0").exception

    assert "called back" in done
    assert "+09:00" in done
    assert states(typed) == [(0, "in_force"), (1, "called_back")]
    assert isinstance(refused, ApiRefused)
    assert refused.code == "revision_in_force"


def test_what_is_exported_is_imported_without_a_change(typed: Typed) -> None:
    """The text is that of the file, so version control has nothing to say."""
    shipped = typed(OWNER, "retention", "policy", "export").output
    typed(OWNER, "retention", "policy", "import", LONGER)
    exported = typed(OWNER, "retention", "policy", "export").output
    done = json.loads(typed(OWNER, "retention", "policy", "import", exported, "-o", "json").output)

    assert exported == LONGER
    assert (done["is_new"], done["revision"]["state"]) == (False, "in_force")
    assert typed(LEGAL, "retention", "policy", "export", "0").output == shipped
    as_json = typed(LEGAL, "retention", "policy", "export", "1", "-o", "json").output
    assert json.loads(as_json) == {"revision": done["revision"], "text": LONGER}
    assert states(typed) == [(0, "in_force"), (1, "in_force")]


def test_a_check_says_what_would_be_and_changes_nothing(typed: Typed) -> None:
    """Also to who may not take it over."""
    longer = typed(LEGAL, "retention", "policy", "check", LONGER).output
    shorter = typed(LEGAL, "retention", "policy", "check", SHORTER, "--retroactive").output
    told = typed(LEGAL, "retention", "policy", "check", SHORTER, "-o", "json").output

    assert '+id = "law"' in longer
    assert "one person is enough" in longer
    assert "some recordings have no end" in longer
    assert "another person must approve it" in shorter
    assert "by its rules it may shorten" in shorter
    assert "because" not in longer
    assert json.loads(told)["care"] == "two_persons"
    assert states(typed) == [(0, "in_force")]


def test_each_fault_of_a_file_is_a_line_and_a_wrong_use(typed: Typed) -> None:
    """With the place where it is."""
    wrong = SHORTER.replace("P1Y", "P1H").replace("Asia/Tokyo", "Mars/Base")
    for verb in ("check", "import"):
        refused = typed(OWNER, "retention", "policy", verb, wrong).exception
        assert isinstance(refused, ApiRefused)
        assert code_for(refused) is Exit.USAGE
        _, *faults = words_of(refused).splitlines()
        assert [line.partition(":")[0] for line in faults] == [
            "rule support, audio.delete_after, line 27", "zone, line 3",
        ]  # fmt: skip


def test_the_faults_of_a_file_are_told_in_japanese(typed: Typed) -> None:
    """Who mends it reads no other language."""
    wrong = SHORTER.replace("P1Y", "P1H")
    refused = typed(OWNER, "--lang", "ja", "retention", "policy", "check", wrong).exception

    assert isinstance(refused, ApiRefused)
    assert refused.faults == (
        "ルール support、audio.delete_after、27 行目: "
        "P1H は期間ではありません。P10Y、P1Y6M、P90D のように年・月・日で書いてください",
    )


def test_two_revisions_are_compared(typed: Typed) -> None:
    """By their numbers; the same has no difference."""
    typed(OWNER, "retention", "policy", "import", LONGER)
    told = typed(LEGAL, "retention", "policy", "diff", "0", "1")
    as_json: dict[str, Any] = json.loads(
        typed(LEGAL, "retention", "policy", "diff", "0", "1", "-o", "json").output
    )

    assert '+id = "law"' in told.output
    assert told.output.splitlines() == as_json["difference"]
    assert typed(LEGAL, "retention", "policy", "diff", "1", "1").output == ""


def test_one_person_s_word_is_written_down_where_it_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody is told to wait for another one; it is shown as long as there is the revision."""
    with installation() as site:
        _people(site)
        with register_of(site.config) as connection:
            declare_one_person(connection, author(), None)
        file = site.folder / "policy.toml"
        file.write_text(SHORTER)
        monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(4_711, OWNER))
        checked = run_at(site, "retention", "policy", "check", str(file)).output
        run_at(site, "retention", "policy", "import", str(file))
        found = json.loads(run_at(site, "retention", "policy", "list", "-o", "json").output)

    assert [(each["one_person"], each["state"]) for each in found] == [
        (False, "in_force"), (True, "cooling_off"),
    ]  # fmt: skip
    assert "you alone, for this installation is one person's" in checked
    assert "another person must approve it" not in checked


def test_what_is_taken_over_is_what_explains_why_a_call_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One for calls to come leaves older ones to the one before; a retroactive one takes them."""
    with installation() as site:
        site.put_call()
        recover(site.config)
        _people(site)
        file = site.folder / "policy.toml"
        file.write_text(LONGER)
        monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(4_711, OWNER))
        judged = []
        for more in ([], ["--retroactive"]):
            run_at(site, "retention", "policy", "import", str(file), *more)
            explain = ["retention", "explain", "one@example", "--purpose", "technical"]
            told = json.loads(run_at(site, *explain, "-o", "json").output)
            judged.append([(each["revision"], each["audio"]["floor"]) for each in told])

    (before,), (after,) = judged
    assert before == (0, None)
    assert (after[0], after[1]["rules"]) == (2, ["law"])
