"""`rokuon retention certificate …`, and what was written checked by `rokuon verify`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.certificates.folder import CertificateFolder
from rokuon.compose.archive.catalog import open_catalog
from tests.api.certificates.runs import Daemon, ended, issue, recording
from tests.archive.certificates.examples import PUBLIC
from tests.rokuon.cli.command import run, run_at
from tests.rokuon.installation import Installation


@pytest.fixture(scope="module")
def certified(site: Installation) -> Iterator[Installation]:
    """An installation that has destroyed five recordings."""
    engine = open_catalog(site.config)
    done = ended()
    made = issue(engine, site.config.archive.path, Daemon(done.recordings))
    made.issue(done)
    engine.dispose()
    yield site
    folder = CertificateFolder(site.config.archive.path)
    assert folder.names(made.tenant, done.run)


def test_a_certificate_is_exported_with_the_proof_of_one_recording_and_checked(
    certified: Installation, tmp_path: Path
) -> None:
    """For who asked about it: nothing of any other recording goes out."""
    folder = tmp_path / "given"
    listed = run_at(certified, "retention", "certificate", "list")
    told = run_at(certified, "retention", "certificate", "show", "3")
    done = run_at(
        certified,
        *("retention", "certificate", "export", "3", str(folder)),
        *("--recording", str(recording(2))),
    )
    files = sorted(folder.iterdir())
    checked = run("verify", *map(str, files), "--key", PUBLIC.fingerprint)

    assert done.exception is None
    assert "5" in listed.output
    assert "5 recording(s) were destroyed" in told.output
    assert [each.name for each in files] == ["certificate.txt", "proof.txt"]
    assert checked.exit_code == 0, checked.output


def test_all_of_a_run_is_exported_with_its_list(certified: Installation, tmp_path: Path) -> None:
    """Twice is as good as once; nothing else that is there already is replaced."""
    words = ("retention", "certificate", "export", "3", str(tmp_path / "whole"))
    done = run_at(certified, *words)
    again = run_at(certified, *words)
    own = tmp_path / "whole" / "certificate.txt"
    content = own.read_bytes()
    refused = []
    for other in (b"", content[:-1], content + b"x"):
        own.write_bytes(other)
        refused.append((run_at(certified, *words).exit_code, own.read_bytes() == other))
    own.write_bytes(content)
    files = sorted(map(str, (tmp_path / "whole").iterdir()))
    checked = run("verify", *files, "--key", PUBLIC.fingerprint, "-o", "json")
    rows = json.loads(checked.output)["found"]

    assert (done.exit_code, again.exit_code) == (0, 0)
    assert again.output == done.output
    assert refused == [(2, True)] * 3
    assert {each["checked"]: each["verdict"] for each in rows}["list"] == "right"


def test_the_fingerprint_of_the_own_key_is_shown(certified: Installation) -> None:
    """Or that there is none yet: 64 digits are read out on the telephone."""
    told = run_at(certified, "retention", "certificate", "key").output.strip()

    assert len(told) == 64 or "rokuon serve" in told
