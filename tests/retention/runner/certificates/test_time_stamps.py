"""Certificates stamped by others, over HTTP by `openssl ts`."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.certificates.folder import CERTIFICATE, CertificateFolder, stamp_name
from archive.certificates.time_stamps import Question, stamped_at
from archive.ids import DEFAULT_TENANT
from retention.runner.certificates.time_stamps import Ask, TimeStamps
from rokuon.machine.stamp_client import ask_for_stamp
from tests.api.certificates.runs import Daemon, ended, issue
from tests.archive.catalog.examples import new_catalog
from tests.archive.certificates.examples import RUN
from tests.stamping import Stamper, openssl, serving


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    """Somebody who stamps."""
    made = Stamper(tmp_path_factory.mktemp("stamps") / "stamper")
    made.prepare()
    return made


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A catalog whose archive has one certificate."""
    made, run = new_catalog(tmp_path), ended()
    issue(made, tmp_path, Daemon(run.recordings)).issue(run)
    return made


def stamps(engine: Engine, folder: Path, ask: Ask, *servers: str) -> TimeStamps:
    return TimeStamps(
        engine=engine,
        folder=CertificateFolder(folder),
        tenant=DEFAULT_TENANT,
        servers=servers,
        ask=ask,
    )


def test_a_server_that_failed_is_asked_again_and_its_answer_is_kept_as_it_came(
    tmp_path: Path, engine: Engine, stamper: Stamper
) -> None:
    """Nothing waits for it; in the end `openssl` verifies what is kept."""
    folder = CertificateFolder(tmp_path)
    with serving(stamper) as server:
        made = stamps(engine, tmp_path, ask_for_stamp, server.url)
        server.status = 503
        missing = made.round()
        server.status = 200
        done = made.round()
        again = made.round()
        name = stamp_name(server.url)
    content = folder.read(DEFAULT_TENANT, RUN, CERTIFICATE)
    kept = folder.of_run(DEFAULT_TENANT, RUN)
    words = ("ts", "-verify", "-data", CERTIFICATE, "-in", name, "-CAfile")
    seen = openssl(kept, *words, str(stamper.authority))

    assert (missing, done, again) == (1, 0, 0)
    assert server.asked == ["application/timestamp-query"] * 2
    assert seen.returncode == 0, seen.stderr
    assert stamped_at((kept / name).read_bytes(), content)


def test_one_server_that_is_away_keeps_no_other_from_stamping(
    tmp_path: Path, engine: Engine, stamper: Stamper
) -> None:
    """Each is a reason of its own to believe it."""
    with serving(stamper) as server:
        away = f"http://127.0.0.1:{server.port}/"
    with serving(stamper) as server:
        left = stamps(engine, tmp_path, ask_for_stamp, away, server.url).round()
        there = CertificateFolder(tmp_path).has_stamp(DEFAULT_TENANT, RUN, server.url)

    assert left == 1
    assert there


def test_an_answer_about_something_else_is_not_kept(
    tmp_path: Path, engine: Engine, stamper: Stamper
) -> None:
    """A server that answers from its cache stamps nothing of ours."""
    other = stamper.answer(Question.about(b"other").der)
    made = stamps(engine, tmp_path, lambda _server, _question: other, "https://a.example/")

    assert made.round() == 1
    assert len(CertificateFolder(tmp_path).names(DEFAULT_TENANT, RUN)) == 2


def test_without_servers_nobody_is_asked(tmp_path: Path, engine: Engine) -> None:
    """As shipped."""
    assert stamps(engine, tmp_path, ask_for_stamp).round() == 0
