"""Carries out what the servers of both front doors want done, one output after another.

Thin: knows which part of the shell is meant by which output, nothing of why.
"""

from dataclasses import dataclass

import structlog

from capture.endpoints.rtp_sockets import RtpSockets
from capture.endpoints.transports import Transports
from capture.links.relay_link import RelayLink
from capture.links.worker_link import WorkerLink
from capture.recording.outputs import Complain, Deafen, Find, Listen, Output, ToRelay, ToWorker
from capture.signalling.target_lookup import TargetLookup
from capture.sip.events import SendMessage

log = structlog.get_logger("capture.signalling")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRunner:
    """The parts of the shell that something can be asked of."""

    sockets: RtpSockets
    workers: WorkerLink
    relays: RelayLink
    lookup: TargetLookup
    transports: Transports

    def do(self, output: Output) -> None:
        """Carry out one output."""
        match output:
            case Listen() | Deafen():
                self._hear(output)
            case ToWorker():
                self.workers.tell(output.worker, output.command)
            case ToRelay():
                self.relays.tell(output.worker, output.command)
            case Find():
                self.lookup.find(output)
            case Complain():
                log.warning("target asks for a password", target=output.target)
            case SendMessage():
                self.transports.send(output)

    def _hear(self, output: Listen | Deafen) -> None:
        if isinstance(output, Listen):
            self.sockets.open(output.pairs)
        else:
            self.sockets.close(output.pairs)
