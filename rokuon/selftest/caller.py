"""Somebody who calls: one ordinary call as its caller lives it, begun and ended.

Knows nothing of media: it says where the voice goes, others send it.
"""

import asyncio
import secrets
from dataclasses import replace
from typing import Final

from rokuon.selftest.messages import Dialog, Response, ack, bye, call_invite, cancel
from rokuon.selftest.session import CallRefused
from rokuon.selftest.session_description import AnsweredStream, call_description, parse_answer
from rokuon.selftest.signalling import PeerSilent, Signalling, Target

_MAGIC: Final = b"z9hG4bK"
_FIRST_REFUSAL: Final = 300
_MAX_SDP_SESSION: Final = 1 << 31
# The far side answers at once, on this machine: whoever takes longer is somebody else.
ANSWER_S: Final = 10.0


def _token() -> bytes:
    return secrets.token_hex(8).encode()


class OutgoingCall:
    """A call from `user` to `called` at `target`; `port` is where its voice comes from."""

    def __init__(
        self, signalling: Signalling, target: Target, port: int, *, user: str, called: str
    ) -> None:
        self._signalling, self._port = signalling, port
        self._host = signalling.local.rpartition(b":")[0].decode()
        self._number = 1
        self._branch = _MAGIC + _token()
        self.dialog = Dialog(
            call_id=_token() + b"@" + self._host.encode(),
            local_tag=_token(),
            remote_tag=b"",
            remote_target=b"sip:" + called.encode() + b"@" + target.address,
            server=target.address,
            local=signalling.local,
            transport=signalling.transport.value,
            local_user=user.encode(),
            remote_user=called.encode(),
        )
        self.is_up = False
        signalling.follow(self.dialog.call_id)

    async def begin(self) -> AnsweredStream:
        """Send the INVITE; where the voice goes. It is taken back where no answer comes in time.

        Raises `CallRefused`, `PeerSilent`, `PeerGone` or `AnswerUnusable`.
        """
        sdp = call_description(self._host, self._port, session=secrets.randbelow(_MAX_SDP_SESSION))
        message = call_invite(self.dialog, self._number, self._branch, sdp=sdp)
        try:
            async with asyncio.timeout(ANSWER_S):
                response = await self._signalling.request(message, self._branch, invite=True)
        except TimeoutError as late:
            self._signalling.send(cancel(self.dialog, self._number, self._branch))
            raise PeerSilent from late
        self._acknowledge(response)
        return parse_answer(response.body, 1)[0]

    async def end(self) -> int:
        """Send BYE; its status. Raises `PeerSilent` or `PeerGone`."""
        self.is_up = False
        self._number += 1
        branch = _MAGIC + _token()
        message = bye(self.dialog, self._number, branch)
        return (await self._signalling.request(message, branch)).status

    def forget(self) -> None:
        """Let go of a call that is over."""
        self._signalling.forget(self.dialog.call_id, [self._branch])

    def _acknowledge(self, response: Response) -> None:
        answered = replace(self.dialog, remote_tag=response.to_tag)
        if response.status >= _FIRST_REFUSAL:
            self._signalling.acknowledge(self._branch, ack(answered, self._number, self._branch))
            raise CallRefused(response.status)
        target = response.contact or self.dialog.remote_target
        self.dialog = replace(answered, remote_target=target)
        self.is_up = True
        self._signalling.acknowledge(
            self._branch, ack(self.dialog, self._number, _MAGIC + _token())
        )
