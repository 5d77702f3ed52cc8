"""The holder of sockets and memory, put together. All of capture waits for it: it loads little.

Knows what it needs, nothing of what it does with it.
"""

from collections.abc import Callable

from capture.holder.kernel import keep_memory_private
from capture.holder.server import Holder, HolderPlan
from rokuon.compose.processes.process_names import workers_of
from rokuon.compose.processes.sockets import holder_socket
from rokuon.config.schema import Config


def run_holder(config: Config, ready: Callable[[], None]) -> None:
    """Hold sockets and memory until the process is ended."""
    keep_memory_private()
    plan = HolderPlan(
        socket_path=holder_socket(config),
        sip_bind=config.sip.bind,
        sip_port=config.sip.port,
        tls_port=config.sip.tls_port if config.sip.has_tls else 0,
        rtp_bind=config.rtp.bind,
        dscp=config.inline.dscp_media,
        sip_dscp=config.inline.dscp_sip,
        first_port=config.rtp.first_port,
        last_port=config.rtp.last_port,
        workers=workers_of(config),
    )
    Holder(plan).serve(ready)
