"""Which peers a node hears: its sources, what each may do in a dialog, and how it proves itself.

Reads no clock. Knows nothing of recordings, nor of what is said in a call.
"""

from collections import Counter
from dataclasses import dataclass, field

from capture.links.relay_messages import Latch
from capture.peers.dialog_access import dialog_access, owner_of
from capture.peers.password_guesses import PasswordGuesses
from capture.peers.source_watch import SourceWatch
from capture.peers.sources import Source, Sources
from capture.sip.agent import Doorkeeper
from capture.sip.dialog import Dialog
from capture.sip.digest import DigestGuard, ProofVerdict
from capture.sip.flow import Flow
from capture.sip.message import Request
from capture.sip.owner import DialogAccess, Owner


@dataclass(slots=True, kw_only=True)
class PeerAccess:
    """The sources of a node, and what is known of those who send it requests."""

    sources: Sources
    guard: DigestGuard
    watch: SourceWatch
    guesses: PasswordGuesses = field(default_factory=PasswordGuesses)
    outsiders: Counter[tuple[str, str]] = field(default_factory=Counter)  # by name and access

    @property
    def door(self) -> Doorkeeper:
        """What the SIP layer asks of who sends a request."""
        return Doorkeeper(
            owner=self.owner_at,
            access=self.dialog_access,
            challenge=self.guard.challenge,
            is_behind_nat=self.is_behind_nat,
        )

    def source_at(self, flow: Flow) -> Source | None:
        return self.sources.find(flow.remote.host, flow.names)

    def name_at(self, flow: Flow) -> str:
        """The name of the source of a flow; "" where it is none."""
        source = self.source_at(flow)
        return "" if source is None else source.name

    def lenient_source(self, flow: Flow) -> str:
        """The name of the source of a flow; "" where it is none, or a strict one."""
        source = self.source_at(flow)
        return "" if source is None or source.strict else source.name

    def is_behind_nat(self, flow: Flow) -> bool:
        """Does the configuration say that the source of a flow is behind an address translator?"""
        source = self.source_at(flow)
        return source is not None and source.latch is Latch.NAT

    def owner_at(self, flow: Flow) -> Owner:
        """Whose a dialog is that somebody begins by this flow."""
        return owner_of(self.source_at(flow), flow.remote.host)

    def dialog_access(
        self, owner: Owner, last: Flow, request: Request, flow: Flow, now_s: float
    ) -> DialogAccess:
        """How who sends a request stands to a dialog; who has its account may prove that."""
        access, source = dialog_access(self.sources, owner, last, flow), self.source_at(flow)
        if access is not DialogAccess.UNPROVED or source is None:
            return access
        verdict = self.proof(request, source, flow.remote.host, now_s)
        return DialogAccess.OWN if verdict is ProofVerdict.GOOD else DialogAccess.UNPROVED

    def proof(self, request: Request, source: Source, host: str, now_s: float) -> ProofVerdict:
        """What a source's credentials are worth; who was wrong waits longer each time."""
        verdict = self.guard.check(request, source.user, source.password, now_s)
        if verdict not in {ProofVerdict.GOOD, ProofVerdict.WRONG}:
            return verdict
        if self.guesses.wait_s(host, source.user, now_s) > 0:
            return ProofVerdict.TOO_SOON
        if verdict is ProofVerdict.GOOD:
            self.guesses.proved(host, source.user)
        else:
            self.guesses.failed(host, source.user, now_s)
        return verdict

    def is_own(self, dialog: Dialog | None, request: Request, flow: Flow, now_s: float) -> bool:
        """Does a request by this flow come from whose the dialog is? Nobody's is None."""
        if dialog is None:
            return False
        access = self.dialog_access(dialog.owner, dialog.flow, request, flow, now_s)
        return access is DialogAccess.OWN
