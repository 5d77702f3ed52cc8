"""The part `capture`, put together from the configuration: holder, workers, relays, signalling.

Knows what each process needs, nothing of what it does with it.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from ipaddress import ip_network
from pathlib import Path

import structlog

from archive.call_marks import CallMarks
from archive.live import Reloaded
from capture.admission import Limits
from capture.daemon import Signalling
from capture.drain import DRAIN_FILE
from capture.endpoints.certificates import TlsFiles
from capture.endpoints.resolver import Resolver, configured_server, system_table
from capture.errors import CertificatesUnusable
from capture.inline.exchange import Switch
from capture.media.handover import Handover
from capture.media.holder import Holder, HolderPlan
from capture.media.kernel import keep_memory_private
from capture.media.parts import PartLimits
from capture.media.relay import Relay, RelayPlan
from capture.media.sealing import Writer
from capture.media.worker import Worker, WorkerPlan
from capture.outlook import MetricsPlan
from capture.plan import SignallingPlan
from capture.sip.flow import Address
from capture.siprec.watch import Timeouts
from capture.source_terms import SourceTerms
from capture.sources import Source
from capture.transports import TlsPlan
from rokuon.compose.instances import CAPTURE_ENDS_S, locks_of_capture
from rokuon.compose.intake_list import IntakeKeyNow
from rokuon.compose.passwords import password_in
from rokuon.compose.sockets import holder_socket, link_socket, relay_socket, status_socket
from rokuon.compose.switch import prompts_path, switch_of
from rokuon.config.problems import ConfigRefused
from rokuon.config.restart import waiting_for_restart
from rokuon.config.rules import tenant_id
from rokuon.config.schema import Config, SourceSettings
from rokuon.identity import make_capture_folders, publish_identity, read_identity
from rokuon.lock import former_ends
from rokuon.part_plan import PartPlan, Pauses
from rokuon.supervisor import Supervisor

# Live calls must not wait: what dies is started again at once, and often where it dies again.
PAUSES = Pauses(first_s=0.02, longest_s=2.0)
GRACE_S = 10.0
log = structlog.get_logger("rokuon.capture")


def wall_us() -> int:
    """µs since 1970 UTC."""
    return time.time_ns() // 1000


def workers_of(config: Config) -> int:
    """How many ingest workers run: one per core unless the configuration says otherwise."""
    return config.media.workers or os.cpu_count() or 1


def part_names(config: Config) -> tuple[str, ...]:
    """The processes of capture in the order of their start."""
    numbers = range(workers_of(config))
    ingest = tuple(f"ingest-{number}" for number in numbers)
    relays = tuple(f"relay-{number}" for number in numbers) if config.has_inline else ()
    return ("holder", *ingest, *relays, "signalling")


def has_spare(name: str) -> bool:
    """Whether calls would notice the time in which a process loads."""
    return name == "signalling" or name.startswith("relay-")


async def run_capture(
    config: Config,
    stop: asyncio.Event,
    ready: Callable[[], None],
    command: Callable[[str], tuple[str, ...]],
) -> None:
    """Start the processes, keep them running, stop signalling first and the holder last.

    Where the holder dies, all end what they do with its sockets and start anew.

    Those of a former supervisor that was killed are waited for: they have the sockets. Raises
    `AlreadyRunning` where one does not end.
    """
    make_capture_folders(config)
    await former_ends(locks_of_capture(config), stop, CAPTURE_ENDS_S)
    publish_identity(config.capture_path)
    (config.run_path / DRAIN_FILE).unlink(missing_ok=True)
    names = part_names(config)
    plans = tuple(
        PartPlan(
            name=name,
            command=command(name),
            grace_s=GRACE_S,
            pauses=PAUSES,
            has_spare=has_spare(name),
            carries_others=name == "holder",
        )
        for name in names
    )
    supervisor = Supervisor(plans, os.environ, stop_order=tuple(reversed(names)))
    supervisor.pass_on_hangup("signalling")
    await supervisor.run(stop, on_ready={"signalling": ready})


def run_holder(config: Config, ready: Callable[[], None]) -> None:
    """Hold sockets and memory until the process is ended."""
    keep_memory_private()
    plan = HolderPlan(
        socket_path=holder_socket(config),
        sip_bind=config.sip.bind,
        sip_port=config.sip.port,
        tls_port=config.sip.tls_port if tls_of(config) is not None else 0,
        rtp_bind=config.rtp.bind,
        dscp=config.inline.dscp_media,
        sip_dscp=config.inline.dscp_sip,
        first_port=config.rtp.first_port,
        last_port=config.rtp.last_port,
        workers=workers_of(config),
    )
    Holder(plan).serve(ready)


def run_ingest(
    config: Config, number: int, ready: Callable[[], None], stopping: Callable[[], bool]
) -> None:
    """Sweep and seal until told to stop."""
    keep_memory_private()
    plan = WorkerPlan(
        number=number,
        workers=workers_of(config),
        holder=holder_socket(config),
        link=link_socket(config),
        volumes=volumes_of(config),
        own_file_system=_own_file_system(config),
        writer=_writer(config),
        sweep_s=config.media.sweep_ms / 1000,
        limits=PartLimits(
            max_s=float(config.media.part_max_s), max_bytes=config.media.part_max_bytes
        ),
    )
    with Handover(plan.holder) as handover:
        worker = Worker(plan, handover, wall_us)
    ready()
    worker.run(stopping)


def run_relay(
    config: Config, number: int, ready: Callable[[], None], stopping: Callable[[], bool]
) -> None:
    """Pass on what the ends of inline calls say until told to stop."""
    keep_memory_private()
    plan = RelayPlan(
        number=number,
        workers=workers_of(config),
        link=relay_socket(config),
        prompts=prompts_path(config),
        loop=config.inline.relay_loop,
    )
    with Handover(holder_socket(config)) as handover:
        relay = Relay(plan, handover, wall_us)
        ready()
        relay.run(stopping)


async def run_signalling(
    reread: Callable[[], Config], config: Config, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Answer SIP until told to stop; SIGHUP has sources and certificates read again."""
    keep_memory_private()
    identity = read_identity(config.capture_path)
    plan = SignallingPlan(
        node=str(identity.node),
        holder=holder_socket(config),
        link=link_socket(config),
        relay_link=relay_socket(config),
        spool=config.spool.path,
        capture_folder=config.capture_path,
        sip=Address(config.sip.advertise or config.sip.bind, config.sip.port),
        tls=tls_of(config),
        switch=switch_of(config),
        status=status_socket(config),
        metrics=MetricsPlan(config.metrics.bind, config.metrics.port),
        rtp_address=config.rtp.advertise or config.rtp.bind,
        first_port=config.rtp.first_port,
        workers=workers_of(config),
        rest_s=float(config.rtp.quarantine_s),
        sources=sources_of(config),
        limits=Limits(
            max_calls=config.limits.max_calls,
            min_free_bytes=config.spool.min_free_bytes,
            min_free_inodes=config.spool.min_free_inodes,
        ),
        timeouts=Timeouts(
            media_s=config.media.media_timeout_s,
            hold_s=config.media.hold_timeout_s,
            longest_s=config.media.max_call_s,
        ),
    )
    with Handover(plan.holder) as handover:
        signalling = Signalling(plan, handover, wall_us, resolver().hops)
        reload = partial(_reconfigure, signalling, reread, config)
        signalling.reloads_by(reload)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload)
        await signalling.run(stop, ready)


def _reconfigure(signalling: Signalling, reread: Callable[[], Config], begun: Config) -> Reloaded:
    """Read the configuration again; where it cannot be used nothing has changed.

    `begun` is the one with which signalling was started.
    """
    try:
        config = reread()
        # Relays are there from the start on, or not at all.
        switch = switch_of(config) if begun.has_inline else Switch()
        signalling.reconfigure(sources_of(config), switch, tls_of(config))
    except (ConfigRefused, CertificatesUnusable, OSError) as refused:
        log.error("the configuration stays as it was", reason=str(refused))
        return Reloaded(refused=str(refused))
    later = waiting_for_restart(begun, config)
    if later:
        log.warning("settings wait for a restart", settings=later)
    names = tuple(source.name for source in config.source)
    return Reloaded(names=names, later=later, unread=switch.unread)


def sources_of(config: Config) -> tuple[Source, ...]:
    """The configured sources as capture knows them; raises `OSError` for a password's file."""
    return tuple(source_from(settings) for settings in config.source)


def tls_of(config: Config) -> TlsPlan | None:
    """What SIP over TLS needs, None where no certificate is configured."""
    sip = config.sip
    if sip.certificate is None or sip.key is None:
        return None
    files = TlsFiles(
        certificate=sip.certificate,
        key=sip.key,
        authorities=sip.client_authorities,
        clients=sip.client_certificates,
    )
    return TlsPlan(address=Address(sip.advertise or sip.bind, sip.tls_port), files=files)


def source_from(settings: SourceSettings) -> Source:
    """A configured source, its password and networks read; raises `OSError` for the password."""
    terms = {each.name: getattr(settings, each.name) for each in fields(SourceTerms)}
    terms["certificate"] = settings.certificate.lower()
    return Source(
        **terms,
        tenant=tenant_id(settings.tenant).raw,
        networks=tuple(map(ip_network, settings.address)),
        password=password_in(settings.password_file),
        marks=CallMarks(
            queue=settings.queue,
            purposes=settings.purpose,
            controller=settings.controller,
            tags=settings.tags,
        ),
    )


def volumes_of(config: Config) -> tuple[Path, ...]:
    """The spool and, if there is one, its second."""
    second = config.spool.second
    return (config.spool.path,) if second is None else (config.spool.path, second)


def _writer(config: Config) -> Writer:
    identity = read_identity(config.capture_path)
    return Writer(identity.node, identity.private.sign, IntakeKeyNow.of(config.capture_path))


def _own_file_system(config: Config) -> bool:
    if config.spool.sync != "auto":
        return config.spool.sync == "syncfs"
    spool = config.spool.path
    return spool.stat().st_dev != Path("/").stat().st_dev


def resolver() -> Resolver:
    """Looks up names as this machine is set up to."""
    loop = asyncio.get_running_loop()
    return Resolver(configured_server(), system_table, loop.time, random.SystemRandom().random)
