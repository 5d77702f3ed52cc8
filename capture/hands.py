"""Carries out what the servers of both front doors want done, one output after another.

Thin: knows which part of the shell is meant by which output, nothing of why.
"""

from dataclasses import dataclass

import structlog

from capture.ears import Ears
from capture.finding import Finder
from capture.link import WorkerLink
from capture.relay_link import RelayLink
from capture.sip.events import SendMessage
from capture.siprec.outputs import Complain, Deafen, Find, Listen, Output, ToRelay, ToWorker
from capture.transports import Transports

log = structlog.get_logger("capture.signalling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """The parts of the shell that something can be asked of."""

    ears: Ears
    workers: WorkerLink
    relays: RelayLink
    finder: Finder
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
                self.finder.find(output)
            case Complain():
                log.warning("target asks for a password", target=output.target)
            case SendMessage():
                self.transports.send(output)

    def _hear(self, output: Listen | Deafen) -> None:
        if isinstance(output, Listen):
            self.ears.open(output.pairs)
        else:
            self.ears.close(output.pairs)
