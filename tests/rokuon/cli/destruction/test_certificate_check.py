"""`rokuon verify FILE…`, and the same by hand as the how-to page has it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from archive.certificates.time_stamps import Question
from archive.ids import RecordingId
from archive.lifecycle.tombstone import digest_of
from retention.certificates.destroyed_list import list_text
from retention.certificates.inclusion import InclusionProof
from rokuon.messages import i18n
from tests import ROOT
from tests.archive.certificates.examples import PUBLIC, RUN
from tests.retention.destroyed_recordings import certified, destroyed
from tests.rokuon.cli.command import run
from tests.stamping import Stamper

PAGE = ROOT / "docs/how-to/check-a-certificate.md"
RECORDINGS = destroyed(11)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody was given: certificate, proof, list, time stamp, and who vouches for it."""
    folder = tmp_path_factory.mktemp("given")
    stamper = Stamper(tmp_path_factory.mktemp("stamps") / "stamper")
    stamper.prepare()
    content = certified(RECORDINGS)
    (folder / "certificate.txt").write_bytes(content)
    (folder / "proof.txt").write_text(InclusionProof.of(RUN, RECORDINGS, 6).text())
    (folder / "recordings.txt").write_text(list_text(RECORDINGS))
    (folder / "time-stamp-1.tsr").write_bytes(stamper.answer(Question.about(content).der))
    (folder / "authority.pem").write_bytes(stamper.authority.read_bytes())
    return folder


@pytest.fixture(autouse=True)
def _no_installation_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has tried `make run` in this folder has keys of his own."""
    monkeypatch.chdir(tmp_path)


def verify(folder: Path, *words: str) -> tuple[int, str]:
    names = ("certificate.txt", "proof.txt", "recordings.txt", "time-stamp-1.tsr")
    files = [str(folder / name) for name in names]
    done = run("verify", *files, *words)
    return done.exit_code, done.output


def test_all_that_was_given_is_checked_without_an_installation(given: Path) -> None:
    """What an outsider has: files, and a fingerprint."""
    trust = ("--key", PUBLIC.fingerprint, "--time-stamp-ca", str(given / "authority.pem"))
    code, told = verify(given, *trust)
    _, rows = verify(given, *trust, "-o", "json")

    assert code == 0
    assert "11 recording(s) were destroyed" in told
    assert {each["verdict"] for each in json.loads(rows)["found"]} == {"right"}


def test_whose_key_it_is_has_to_be_said(given: Path) -> None:
    """Else it is a finding, and the table says what is missing."""
    code, told = verify(given)

    assert code == 3
    assert "--key with the fingerprint" in told
    assert verify(given, "--key", "0" * 64)[0] == 3


def test_a_changed_certificate_is_exit_3_and_said_in_japanese(given: Path, tmp_path: Path) -> None:
    """Whichever byte it is; here a count."""
    for name in given.iterdir():
        (tmp_path / name.name).write_bytes(name.read_bytes())
    text = (given / "certificate.txt").read_text("utf-8").replace("journal: 48211", "journal: 4821")
    (tmp_path / "certificate.txt").write_text(text, "utf-8")
    before = i18n.language()
    i18n.speak("ja")
    try:
        code, told = verify(tmp_path, "--key", PUBLIC.fingerprint)
    finally:
        i18n.speak(before)

    assert code == 3
    assert "署名" in told


def commands() -> list[str]:
    """The blocks of the page, in their order."""
    return re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def by_hand(folder: Path, **known: str) -> subprocess.CompletedProcess[str]:
    """Run exactly what the page says, in a shell without anything of ours."""
    script = "set -e\n" + "\n".join(commands())
    paths = {"PATH": os.defpath, **known}
    return subprocess.run(
        ["sh", "-c", script], cwd=folder, env=paths, capture_output=True, text=True, check=False
    )


def test_an_outsider_checks_all_of_it_with_the_commands_of_the_page(given: Path) -> None:
    """`openssl`, `sha256sum`, `basenc` and the shell: none of our code runs here."""
    own = RecordingId(bytes(range(16)))
    done = by_hand(given, ID=str(own))
    told = done.stdout

    assert done.returncode == 0, done.stderr
    assert f"{PUBLIC.fingerprint}  key.der" in told
    assert "Signature Verified Successfully" in told
    assert "the recording is in the certificate" in told
    assert digest_of(own).hex() in told
    assert "Verification: OK" in told + done.stderr
    assert "Time stamp:" in told


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("certificate.txt", "recordings: 11", "recordings: 12"),
        ("proof.txt", "destroyed: 2026", "destroyed: 2025"),
        ("proof.txt", '"hour":"2026', '"hour":"2025'),
        ("proof.txt", "place: 6 of", "place: 7 of"),
    ],
)
def test_by_hand_too_a_changed_file_is_found(
    given: Path, tmp_path: Path, file: str, old: str, new: str
) -> None:
    """The page would be worth nothing if its commands passed everything."""
    for name in given.iterdir():
        (tmp_path / name.name).write_bytes(name.read_bytes())
    changed = (tmp_path / file).read_text("utf-8")
    assert old in changed
    (tmp_path / file).write_text(changed.replace(old, new), "utf-8")

    done = by_hand(tmp_path, ID="00" * 16)
    assert done.returncode or "the recording is in the certificate" not in done.stdout
