"""What a configuration needs of this machine."""

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from rokuon.config.config_problems import ConfigRefused
from rokuon.config.load import load
from rokuon.doctor.machine_rules import machine_problems
from rokuon.machine import clock
from tests.capture.endpoints.papers import Authority
from tests.capture.prompts.voices import sine, wav
from tests.rokuon.cli.command import run


def problems(folder: Path, text: str) -> list[tuple[str, str]]:
    """(key, message) of what `config check` finds of a configuration in that folder."""
    file = folder / "a.toml"
    file.write_text(text)
    try:
        load(file, machine_problems)
    except ConfigRefused as refused:
        return [(each.key, each.message) for each in refused.problems]
    return []


def tls(certificate: Path, key: Path) -> str:
    """The section of a node with TLS."""
    return f'[sip]\ncertificate = "{certificate}"\nkey = "{key}"\n'


def test_files_that_are_there_and_fit_are_no_problem(tmp_path: Path) -> None:
    """A good node has nothing to object to."""
    certificate, key = Authority(tmp_path).issue("a.example")
    (tmp_path / "p.wav").write_bytes(wav(sine(1_000, -20, 2)))
    (tmp_path / "secret").write_text("x")
    text = (
        f'{tls(certificate, key)}[[prompt]]\nname = "p"\nfile = "p.wav"\n'
        '[[source]]\nname = "a"\naddress = ["192.0.2.1"]\nuser = "u"\npassword_file = "secret"\n'
    )

    assert problems(tmp_path, text) == []


def test_every_file_that_is_not_there_is_named_in_one_round(tmp_path: Path) -> None:
    """With its place in the file, beside what is wrong with the settings themselves."""
    text = (
        '[sip]\nport = "5060"\ncertificate = "c.pem"\nkey = "k.pem"\n'
        'client_authorities = "ca.pem"\n'
        '[[source]]\nname = "a"\naddress = ["192.0.2.1"]\nuser = "u"\npassword_file = "s"\n'
        '[[target]]\nname = "t"\nuri = "sip:t"\nuser = "u"\npassword_file = "t"\n'
        '[[prompt]]\nname = "p"\nfile = "p.wav"\n[rtp]\nlast_port = 10006\n'
    )
    found = problems(tmp_path, text)
    absent = [key for key, message in found if "there is no such file" in message]

    assert absent == [
        "sip.certificate",
        "sip.key",
        "sip.client_authorities",
        "source[0].password_file",
        "target[0].password_file",
        "prompt[0].file",
    ]
    assert {key for key, _ in found} - set(absent) == {"sip.port", "limits.max_calls"}
    assert f"{tmp_path}/p.wav: there is no such file or folder" in dict(found)["prompt[0].file"]


def test_a_certificate_that_cannot_be_used_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS itself would say `[X509: KEY_VALUES_MISMATCH]`, at the start."""
    authority = Authority(tmp_path)
    certificate, key = authority.issue("a.example")
    _, other = authority.issue("b.example")
    broken = tmp_path / "broken.pem"
    broken.write_text("hello")

    assert "is not the key of" in problems(tmp_path, tls(certificate, other))[0][1]
    assert "no certificate in PEM" in problems(tmp_path, tls(broken, key))[0][1]
    assert "no private key in PEM" in problems(tmp_path, tls(certificate, broken))[0][1]

    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=3))
    assert "has run out on 20" in problems(tmp_path, tls(certificate, key))[0][1]
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=3))
    assert "is valid from 20" in problems(tmp_path, tls(certificate, key))[0][1]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"hello", "PRM-001"), (wav(np.zeros(32_000)), "PRM-006"), (b"", "PRM-001")],
)
def test_a_prompt_that_cannot_be_played_is_a_problem(
    tmp_path: Path, content: bytes, code: str
) -> None:
    """With the code of `rokuon prompt check`; callers would hear nothing."""
    (tmp_path / "p.wav").write_bytes(content)

    [(key, message)] = problems(tmp_path, '[[prompt]]\nname = "p"\nfile = "p.wav"\n')
    assert (key, f"p.wav: {code}: " in message) == ("prompt[0].file", True)


def test_ports_that_do_not_hold_the_calls_are_a_problem_with_the_numbers_that_would(
    tmp_path: Path,
) -> None:
    """The range and the limit are set by different people."""
    [(key, message)] = problems(tmp_path, "[rtp]\nlast_port = 10198\n[limits]\nmax_calls = 100\n")
    better = "[rtp]\nlast_port = 10198\n[limits]\nmax_calls = 45\n"

    assert (key, "hold 45 calls" in message) == ("limits.max_calls", True)
    assert problems(tmp_path, better) == []


def test_the_command_shows_them_and_a_start_does_not_ask(tmp_path: Path) -> None:
    """A prompt that is missing keeps nobody from recording; whoever checks is told."""
    file = tmp_path / "a.toml"
    file.write_text('[[prompt]]\nname = "p"\nfile = "p.wav"\n')
    checked = run("--config", str(file), "config", "check", "-o", "json")

    assert checked.exit_code == 3
    assert [row["code"] for row in json.loads(checked.output)] == ["CFG-107"]
    assert load(file).prompt[0].file == tmp_path / "p.wav"
