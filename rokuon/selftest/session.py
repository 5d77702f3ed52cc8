"""One recording session as the client lives it: begin, hold, resume, end (RFC 7866 §6.1).

Knows nothing of media: it says where the streams go, others send them.
"""

import base64
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rokuon.machine.clock import now
from rokuon.selftest.messages import Dialog, Response, ack, bye, invite
from rokuon.selftest.rs_metadata import MetadataIds, Party, render_recording
from rokuon.selftest.session_description import AnsweredStream, Direction, offer, parse_answer
from rokuon.selftest.signalling import Signalling, Target

_MAGIC: Final = b"z9hG4bK"
_FIRST_REFUSAL: Final = 300
_MAX_SDP_SESSION: Final = 1 << 31


class CallRefused(Exception):
    """The server answered an INVITE with a refusal."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the server refused with {status}")
        self.status = status


def _token() -> bytes:
    return secrets.token_hex(8).encode()


def _base64_uuid() -> str:
    return base64.b64encode(uuid.uuid4().bytes).decode()


def new_metadata_ids() -> MetadataIds:
    """Fresh ids for the metadata of one call."""
    return MetadataIds(
        session=_base64_uuid(),
        participants=(_base64_uuid(), _base64_uuid()),
        streams=(_base64_uuid(), _base64_uuid()),
    )


class OutgoingSession:
    """A recording session towards `target`; `ports` are where its two streams come from."""

    def __init__(self, signalling: Signalling, target: Target, ports: Sequence[int]) -> None:
        self._signalling = signalling
        self._host = signalling.local.rpartition(b":")[0].decode()
        self._ports = tuple(ports)
        self._number = 0
        self._sdp_session = secrets.randbelow(_MAX_SDP_SESSION)
        self._branches: list[bytes] = []
        self.dialog = Dialog(
            call_id=_token() + b"@" + self._host.encode(),
            local_tag=_token(),
            remote_tag=b"",
            remote_target=b"sip:srs@" + target.address,
            server=target.address,
            local=signalling.local,
            transport=signalling.transport.value,
        )
        self.ended_by_server = signalling.follow(self.dialog.call_id)

    async def begin(self, parties: tuple[Party, Party]) -> list[AnsweredStream]:
        """Send the INVITE with metadata; where the streams go.

        Raises `CallRefused`, `PeerSilent`, `PeerGone` or `AnswerUnusable`.
        """
        # From names who called, so that the call's direction is known.
        caller = parties[0].aor.partition(":")[2].partition("@")[0].encode()
        self.dialog = replace(self.dialog, local_user=caller)
        metadata = render_recording(new_metadata_ids(), parties, now())
        return await self._invite(Direction.SENDING, metadata)

    async def hold(self) -> None:
        """Say that the streams rest; raises as `begin` does."""
        await self._invite(Direction.RESTING, b"")

    async def resume(self) -> list[AnsweredStream]:
        """Say that the streams go on; where they go. Raises as `begin` does."""
        return await self._invite(Direction.SENDING, b"")

    async def end(self) -> int:
        """Send BYE; its status. Raises `PeerSilent` or `PeerGone`."""
        self._number += 1
        branch = _MAGIC + _token()
        try:
            message = bye(self.dialog, self._number, branch)
            return (await self._signalling.request(message, branch)).status
        finally:
            self.forget()

    def forget(self) -> None:
        """Let go of a session that has ended."""
        self._signalling.forget(self.dialog.call_id, self._branches)

    async def _invite(self, direction: Direction, metadata: bytes) -> list[AnsweredStream]:
        self._number += 1
        branch = _MAGIC + _token()
        sdp = offer(
            self._host,
            self._ports,
            session=self._sdp_session,
            version=self._number,
            direction=direction,
        )
        message = invite(self.dialog, self._number, branch, sdp=sdp, metadata=metadata)
        response = await self._signalling.request(message, branch, invite=True)
        self._branches.append(branch)
        self._acknowledge(response, branch)
        return parse_answer(response.body)

    def _acknowledge(self, response: Response, branch: bytes) -> None:
        answered = replace(self.dialog, remote_tag=response.to_tag or self.dialog.remote_tag)
        if response.status >= _FIRST_REFUSAL:
            self._signalling.acknowledge(branch, ack(answered, self._number, branch))
            raise CallRefused(response.status)
        target = response.contact or self.dialog.remote_target
        self.dialog = replace(answered, remote_target=target)
        fresh = _MAGIC + _token()
        self._signalling.acknowledge(branch, ack(self.dialog, self._number, fresh))
