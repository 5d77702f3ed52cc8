"""Signalling, put together from the configuration, which it reads again when it is told to.

Knows what signalling needs, nothing of what it does with it.
"""

import asyncio
import random
import signal
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from ipaddress import ip_network

import structlog

from archive.call.live import Reloaded
from archive.call.marks import CallMarks
from capture.admission.capacity import Limits
from capture.endpoints.certificates import TlsFiles
from capture.endpoints.resolver import Resolver, configured_server, system_table
from capture.endpoints.transports import TlsPlan
from capture.errors import CertificatesUnusable
from capture.holder.client import HolderClient
from capture.holder.kernel import keep_memory_private
from capture.inline.state.exchange import Switch
from capture.peers.source_settings import SourceTerms
from capture.peers.sources import Source
from capture.recording.session_timeouts import Timeouts
from capture.signalling.daemon import Signalling
from capture.signalling.startup_plan import SignallingPlan
from capture.sip.flow import Address
from capture.status.publisher import MetricsPlan
from rokuon.compose.capture.node_identity import read_identity
from rokuon.compose.capture.routes import password_in
from rokuon.compose.capture.switch import switch_of
from rokuon.compose.processes.process_names import workers_of
from rokuon.compose.processes.sockets import holder_socket, link_socket, relay_socket, status_socket
from rokuon.config.config_problems import ConfigRefused
from rokuon.config.restart import waiting_for_restart
from rokuon.config.rules import tenant_id
from rokuon.config.schema import Config, SourceSettings
from rokuon.machine.clock import now_us

log = structlog.get_logger("rokuon.capture")


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
    with HolderClient(plan.holder) as holder:
        signalling = Signalling(plan, holder, now_us, resolver().hops)
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


def resolver() -> Resolver:
    """Looks up names as this machine is set up to."""
    loop = asyncio.get_running_loop()
    return Resolver(configured_server(), system_table, loop.time, random.SystemRandom().random)
