"""The processes of capture that touch media, put together: ingest workers and relays.

Knows what each of them needs, nothing of what it does with it. Loads no SIP: a process that takes
another's place is there sooner.
"""

from collections.abc import Callable
from pathlib import Path

from capture.holder.client import HolderClient
from capture.holder.kernel import keep_memory_private
from capture.media.open_part import Writer
from capture.media.parts import PartLimits
from capture.media.relay.worker import Relay, RelayPlan
from capture.media.worker import Worker, WorkerPlan
from rokuon.compose.capture.node_identity import IntakeKeyNow, read_identity
from rokuon.compose.processes.process_names import workers_of
from rokuon.compose.processes.sockets import holder_socket, link_socket, prompts_path, relay_socket
from rokuon.config.schema import Config
from rokuon.machine.clock import now_us


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
    with HolderClient(plan.holder) as holder:
        worker = Worker(plan, holder, now_us)
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
        priority=config.inline.relay_priority,
    )
    with HolderClient(holder_socket(config)) as holder:
        relay = Relay(plan, holder, now_us)
        ready()
        relay.run(stopping)


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
