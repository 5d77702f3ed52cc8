"""The part `api`, put together from the configuration: on a TCP port, and on a Unix socket.

Knows where things lie, nothing of routes.
"""

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from api.destruction.gauges import RetentionGauges
from api.destruction.survey_rounds import SurveyRounds
from api.health.metrics import HealthMetrics
from api.holds.gauges import HoldGauges
from api.holds.upkeep import HoldUpkeep
from api.locate.column_keeper import LOOK_S, ColumnKeeper
from api.locate.sight import Lookout
from api.operation.machine_clock import ClockRounds, is_clock_sure
from api.services import Application, Services
from api.web.app import create_app
from archive.catalog.database.attention import Attention
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT, TenantId
from archive.rounds import Rounds
from capture.status.metrics_page import metrics_page
from retention.runner.step_rounds import StepRounds
from rokuon.compose.api.application import services
from rokuon.compose.api.http_limits import MAX_HEADER_BYTES, SparingListener
from rokuon.compose.api.http_server import ApiServer, Doors
from rokuon.compose.api.http_tls import HttpCertificate, TlsListener
from rokuon.compose.api.peer_protocol import PeerProtocol, listen_at
from rokuon.compose.archive.catalog import await_catalog, once, url_of
from rokuon.config.schema import Config, HttpSettings
from rokuon.machine import clock

# A listener gets this long to take what he asked for when the API stops.
GRACE_S = 5
# The fence of a placing that was cut off stops every destruction meanwhile.
HOLDS_EVERY_S: Final = 30.0

log = structlog.get_logger("rokuon.holds")


async def run_api(config: Config, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The part `api`.

    Raises `CatalogOutdated` where the keeper has not prepared the catalog, `CertificatesUnusable`.
    """
    ready = once(ready)
    certificate = _certificate(config.http)
    if not await await_catalog(url_of(config), stop, ready):
        return
    async with services(config) as needed:
        app = create_app(needed)
        await app.state.application.restored_keystore.check()
        registry, metrics = app.state.application.alarms.registry, config.metrics
        HealthMetrics(registry, app.state.application.health)
        async with metrics_page(registry, metrics.bind, metrics.api_port):
            with _listen(config) as tcp, listen_at(config.http.socket) as local:
                doors = Doors(tcp, local, certificate)
                surveys = _surveys(needed, app.state.application)
                watch = ClockRounds(
                    engine=needed.engine.engine,
                    tenant=DEFAULT_TENANT,
                    clock=clock.both,
                    life=config.sign_in_key.with_name("alive"),
                )
                rounds = _Rounds(
                    app.state.application,
                    needed.engine.attention,
                    surveys,
                    watch,
                    needed.keepers,
                )
                server = ApiServer(_how(app, config.http), doors, ready)
                await _until_stopped(server, stop, rounds)


def _how(app: FastAPI, http: HttpSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=PeerProtocol,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        log_config=None,
        access_log=False,
        # Otherwise whoever is on this machine would choose the address that is counted.
        proxy_headers=bool(http.trusted_proxies),
        forwarded_allow_ips=list(http.trusted_proxies),
        timeout_graceful_shutdown=GRACE_S,
    )


def _certificate(http: HttpSettings) -> HttpCertificate | None:
    if http.certificate is None or http.key is None:
        return None
    return HttpCertificate(http.certificate, http.key)


@dataclass(frozen=True, slots=True)
class _Rounds:
    """What is done beside the answers, over and over."""

    application: Application
    attention: Attention
    surveys: SurveyRounds
    clock: ClockRounds
    columns: Mapping[TenantId, ColumnKeeper]


def _surveys(needed: Services, application: Application) -> SurveyRounds:
    return SurveyRounds(
        engine=needed.engine.engine,
        clock_us=needed.clock_us,
        tenant=DEFAULT_TENANT,
        key_client=needed.daemon.plans,
        gauges=RetentionGauges(application.alarms.registry),
        is_clock_sure=lambda: is_clock_sure(needed.daemon.clock),
    )


def _listen(config: Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.http.bind else socket.AF_INET
    made = socket.create_server((config.http.bind, config.http.port), family=family)
    if config.http.certificate is None:
        listener = SparingListener(fileno=made.detach())
    else:
        listener = over_tls = TlsListener(fileno=made.detach())
        over_tls.share_out()
    listener.keep_spare()
    # asyncio sets it only on sockets that name their protocol, which this one and what it accepts
    # do not: head and body of an answer would wait 40 ms for each other. Linux hands it down.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def _until_stopped(
    server: ApiServer,
    stop: asyncio.Event,
    rounds: "_Rounds",
) -> None:
    application = rounds.application
    gauges = HoldGauges(application.alarms.registry)
    async with asyncio.TaskGroup() as group:
        group.create_task(application.runner.run(stop), name="jobs")
        group.create_task(application.upkeep.limits.run(stop), name="limits")
        surveying = rounds.surveys.run(stop, rounds.attention.is_paid)
        group.create_task(surveying, name="surveys")
        group.create_task(rounds.clock.run(stop), name="clock")
        for tenant, keeper in rounds.columns.items():
            step = partial(_looked, application.locate.lookouts[tenant], keeper)
            columns = StepRounds(name="columns", step=step, look_s=LOOK_S)
            group.create_task(columns.run(stop), name="columns")
        group.create_task(application.health.run(stop), name="health")
        group.create_task(keep_holds_up(application.upkeep.holds, gauges, stop), name="holds")
        group.create_task(application.restored_keystore.run(stop), name="keystore")
        serving = group.create_task(server.serve(server.doors.in_clear), name="http")
        if server.doors.certificate is not None:
            group.create_task(server.doors.certificate.keep(stop), name="certificate")
        stopping = group.create_task(stop.wait(), name="stop")
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        server.leave()
        stop.set()


def _looked(lookout: Lookout, keeper: ColumnKeeper) -> float:
    """A round of columns; before it what is the same for all is read, so that nobody waits."""
    lookout.prepare()
    return keeper.round()


async def keep_holds_up(
    upkeep: HoldUpkeep, gauges: HoldGauges, stop: asyncio.Event, every_s: float = HOLDS_EVERY_S
) -> None:
    """Finish what was begun with legal holds, until `stop`; what cannot be done now waits."""
    async for _ in Rounds(stop, every_s):
        try:
            await upkeep.once()
            gauges.show(await upkeep.figures())
        except (KeyUnavailable, KeyRefused, SQLAlchemyError) as away:
            log.warning("legal holds wait", reason=type(away).__name__)
