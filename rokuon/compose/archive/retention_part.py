"""The part `retention`, put together from the configuration.

Knows where things lie, nothing of what is destroyed.
"""

import asyncio
from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Engine

from api.operation.machine_clock import is_clock_sure
from archive.catalog.database.engine import open_engine
from archive.certificates.folder import CertificateFolder
from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.ids import DEFAULT_TENANT
from archive.keys.client.key_client import KeyClient
from archive.lifecycle.file_removal import FileRemover
from retention.runner.certificates.certificate_rounds import CertificateRounds, serve_certificates
from retention.runner.certificates.issue import CertificateIssue
from retention.runner.certificates.time_stamps import TimeStamps
from retention.runner.journal_text_rounds import JournalTexts
from retention.runner.run_loop import serve_retention
from retention.runner.schedule import Runner
from retention.runner.slack_rounds import CatalogSlack
from retention.runner.sweep import Sweep
from rokuon.compose.archive.catalog import await_catalog, once, place_of, url_of
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.machine.stamp_client import ask_for_stamp


async def run_retention(config: Config, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The part `retention`. Raises `CatalogOutdated` where the keeper has not prepared it."""
    told = once(ready)
    if not await await_catalog(url_of(config), stop, told):
        return
    with closing(open_keys(config, "retention")) as keys:
        runner = open_runner(config, keys)
        rounds = open_certificates(config, keys, runner.sweep.engine)
        told()
        async with asyncio.TaskGroup() as group:
            group.create_task(serve_retention(runner, stop), name="runs")
            group.create_task(serve_certificates(rounds, stop), name="certificates")
            slack = CatalogSlack(engine=runner.sweep.engine, tenant=DEFAULT_TENANT)
            group.create_task(slack.run(stop), name="slack")
            texts = JournalTexts(
                engine=runner.sweep.engine,
                tenant=DEFAULT_TENANT,
                clock=clock.both,
                is_clock_sure=lambda: is_clock_sure(keys),
            )
            group.create_task(texts.run(stop), name="journal texts")
        runner.sweep.engine.dispose()


def open_runner(config: Config, keys: KeyClient) -> Runner:
    """A runner over the catalog, the archive and the kept pages."""
    disk, engine = LocalDisk(), open_engine(url_of(config))
    sweep = Sweep(
        engine=engine,
        keys=keys,
        files=FileRemover(
            store=LocalStore(config.archive.path, disk),
            place=place_of(config, engine),
            pages=config.pages.path,
            disk=disk,
        ),
        clock_us=clock.now_us,
        tenant=DEFAULT_TENANT,
    )
    return Runner(
        sweep=sweep,
        clock=clock.both,
        per_second=config.retention.per_second,
        is_clock_sure=lambda: is_clock_sure(keys),
    )


def open_certificates(config: Config, keys: KeyClient, engine: Engine) -> CertificateRounds:
    """The rounds that certify what a runner over the same catalog has destroyed."""
    folder = CertificateFolder(config.archive.path)
    issue = CertificateIssue(
        engine=engine, keys=keys, folder=folder, clock_us=clock.now_us, tenant=DEFAULT_TENANT
    )
    stamps = TimeStamps(
        engine=engine,
        folder=folder,
        tenant=DEFAULT_TENANT,
        servers=config.retention.time_stamps,
        ask=ask_for_stamp,
    )
    return CertificateRounds(issue=issue, keys=keys, stamps=stamps, clock_us=clock.now_us)
