"""`rokuon selftest --inline`."""

import json
from pathlib import Path

import pytest

from rokuon.compose.selftest.inline_route import BLOCK
from rokuon.config.schema import Config
from rokuon.messages import i18n
from rokuon.selftest.call_verdict import Step, StepOutcome
from rokuon.selftest.inline_call import Tell
from rokuon.selftest.phones.kinds import KINDS, Handset, Phone, PhoneMissing
from tests.rokuon.cli.command import run

PASSED = [StepOutcome(step, passed=True, figures={"likeness": 0.998}) for step in Step]
STOPPED = [StepOutcome(Step.ANSWERED, passed=False, figures={"status": 404})]


@pytest.fixture
def file(tmp_path: Path) -> str:
    made = tmp_path / "rokuon.toml"
    made.write_text(BLOCK)
    return str(made)


def outcome_is(monkeypatch: pytest.MonkeyPatch, outcomes: list[StepOutcome]) -> None:
    """Let the call run so."""

    def ran(
        _config: Config, _route: object, tell: Tell, _handset: Handset | None
    ) -> list[StepOutcome]:
        for outcome in outcomes:
            tell(outcome)
        return outcomes

    monkeypatch.setattr("rokuon.compose.selftest.inline_trial.run_inline_selftest", ran)


@pytest.mark.parametrize(("language", "word"), [("en", "the whole notice"), ("ja", "お知らせ")])
def test_every_step_has_its_line_in_both_languages(
    file: str, language: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what was measured."""
    outcome_is(monkeypatch, PASSED)
    i18n.speak(language)
    try:
        result = run("--config", file, "selftest", "--inline")
    finally:
        i18n.speak("en")

    assert result.exit_code == 0
    assert result.output.count("✓") == len(Step)
    assert "0.998" in result.output
    assert word in result.output


def test_a_step_that_failed_is_the_exit_code_and_has_advice(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script sees 3, a person what to do."""
    outcome_is(monkeypatch, STOPPED)
    result = run("--config", file, "--lang", "en", "selftest", "--inline")

    assert result.exit_code == 3
    assert "✗" in result.output
    assert "rokuon reload" in result.output


def test_a_program_gets_every_step_with_its_figures_and_advice(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing but JSON."""
    outcome_is(monkeypatch, STOPPED)
    result = run("--config", file, "selftest", "--inline", "-o", "json")
    told = json.loads(result.output)

    assert result.exit_code == 3
    assert told["passed"] is False
    assert told["steps"][0]["step"] == "answered"
    assert told["steps"][0]["figures"] == {"status": 404}
    assert "404" in told["steps"][0]["advice"]


@pytest.mark.parametrize("output", ["table", "json"])
def test_without_its_route_nobody_is_called_and_the_block_to_add_is_shown(
    tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 3: a finding, with its fix."""
    outcome_is(monkeypatch, PASSED)
    empty = tmp_path / "rokuon.toml"
    empty.write_text("")
    result = run("--config", str(empty), "--lang", "en", "selftest", "--inline", "-o", output)

    assert result.exit_code == 3
    assert "✓" not in result.output
    shown = json.loads(result.output)["block"] if output == "json" else result.output
    assert BLOCK in shown


def handset_is(monkeypatch: pytest.MonkeyPatch, found: Handset | PhoneMissing) -> list[Path | None]:
    """Let this be found; what Python was given."""
    given: list[Path | None] = []

    def find(_phone: Phone, python: Path | None) -> Handset:
        given.append(python)
        if isinstance(found, PhoneMissing):
            raise found
        return found

    monkeypatch.setattr("rokuon.cli.node.inline_trial.find_handset", find)
    return given


def test_the_phone_that_is_wished_calls_with_the_python_that_has_its_library(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no caller of ours."""
    handsets: list[Handset | None] = []

    def ran(
        _config: Config, _route: object, _tell: Tell, handset: Handset | None
    ) -> list[StepOutcome]:
        handsets.append(handset)
        return PASSED

    monkeypatch.setattr("rokuon.compose.selftest.inline_trial.run_inline_selftest", ran)
    found = Handset(Phone.PYVOIP, Path("/opt/phones/bin/python"))
    given = handset_is(monkeypatch, found)
    words = ("--phone", "pyvoip", "--phone-python", str(found.python))

    assert run("--config", file, "selftest", "--inline", *words).exit_code == 0
    assert run("--config", file, "selftest", "--inline").exit_code == 0
    assert (handsets, given) == ([found, None], [found.python])


@pytest.mark.parametrize(("language", "word"), [("en", "neither"), ("ja", "どちら")])
@pytest.mark.parametrize("phone", Phone)
def test_a_phone_that_is_not_there_is_a_finding_and_said_is_what_to_install(
    file: str, phone: Phone, language: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is called; exit 3."""
    outcome_is(monkeypatch, PASSED)
    handset_is(monkeypatch, PhoneMissing(phone))
    i18n.speak(language)
    try:
        result = run("--config", file, "selftest", "--inline", "--phone", phone.value)
    finally:
        i18n.speak("en")

    assert result.exit_code == 3
    assert "✓" not in result.output
    assert word in result.output
    assert f"pip install {KINDS[phone].package}" in result.output
    assert f"--phone {phone.value} --phone-python" in result.output


def test_a_program_is_told_which_library_is_missing(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing but JSON."""
    handset_is(monkeypatch, PhoneMissing(Phone.PJSUA2))
    words = ("--inline", "--phone", "pjsua2", "-o", "json")
    told = json.loads(run("--config", file, "selftest", *words).output)

    assert told["passed"] is False
    assert told["missing"] == {"module": "pjsua2", "package": "pjsua2-python"}


@pytest.mark.parametrize(
    "words",
    [
        ("--phone", "pjsua2"),
        ("--inline", "--phone-python", "/usr/bin/python3"),
        ("--inline", "--phone", "bakelite"),
    ],
)
def test_options_that_belong_together_are_asked_for(file: str, words: tuple[str, ...]) -> None:
    """Exit 2: nobody must believe that a phone has called."""
    assert run("--config", file, "selftest", *words).exit_code == 2
