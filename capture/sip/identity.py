"""What transactions and dialogs are known by (RFC 3261 §12, §17.1.3, §17.2.3).

Values that round-trip through bytes. Knows nothing of their states.
"""

import msgspec

from capture.sip.grammar import split_outside
from capture.sip.message import Request, Response


class TransactionKey(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction of a call; `branch` also holds the sent-by of a server transaction."""

    call_id: bytes
    branch: bytes
    method: bytes


class DialogId(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog as this side names it; `remote_tag` is b"" for a peer of RFC 2543."""

    call_id: bytes
    local_tag: bytes
    remote_tag: bytes

    @property
    def attempt(self) -> "DialogId":
        """The request of ours that made it, where it was ours: nobody has answered that yet."""
        return DialogId(call_id=self.call_id, local_tag=self.local_tag, remote_tag=b"")


def server_key(request: Request) -> TransactionKey:
    """The key of the server transaction that a request belongs to (RFC 3261 §17.2.3).

    An ACK has the key of its INVITE. Without a unique branch the rules of RFC 2543 apply; To is
    left out of them, because it differs between an INVITE and its ACK and nothing else does.
    """
    method = b"INVITE" if request.method == b"ACK" else request.method
    via = request.top_via
    if via.has_unique_branch:
        branch = b"%s %s:%d" % (via.branch, via.host, via.sent_by_port)
    else:
        top = split_outside(request.value(b"via") or b"", b",")[0]
        cseq = b"%d" % request.cseq.number
        branch = b" ".join([request.uri, request.from_address.tag, cseq, top])
    return TransactionKey(call_id=request.call_id, branch=branch, method=method)


def client_key(response: Response) -> TransactionKey:
    """The key of the client transaction that a response answers (RFC 3261 §17.1.3)."""
    return TransactionKey(
        call_id=response.call_id, branch=response.top_via.branch, method=response.cseq.method
    )


def dialog_id(request: Request) -> DialogId:
    """The dialog that a request of the peer names (RFC 3261 §12.2.2)."""
    return DialogId(
        call_id=request.call_id,
        local_tag=request.to_address.tag,
        remote_tag=request.from_address.tag,
    )
