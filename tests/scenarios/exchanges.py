"""Exchanges of SIP by name, each a few steps, made into scenarios that SIPp plays many times.

What SIPp sends and what it must be answered; a scenario that goes otherwise is a failed call. Knows
nothing of recordings.
"""

import secrets
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.scenarios.server import HOST, KNOWN_PEER, Server, free_port
from tests.scenarios.wires import tls_wire

Transport = Literal["udp", "tcp", "tls"]
_MODES: Final = {"udp": "u1", "tcp": "t1", "tls": "t1"}
_FROM: Final = "From: <sip:src@[local_ip]:[local_port]>;tag=src-[call_number]"
_TO: Final = "To: <sip:srs@[remote_ip]:[remote_port]>"
_CONTACT: Final = (
    "Contact: <sip:src@[local_ip]:[local_port];transport=[transport]>;+sip.src",
    "Require: siprec",
)
OK: Final = 200
# 64 × T1, and as long again for what is lost at its end.
LONGEST_S: Final = 90


@dataclass(frozen=True, slots=True)
class Send:
    """A request; one inside of the dialog unless `fresh`, or `stray`: of one that never was."""

    method: str
    cseq: int
    headers: tuple[str, ...] = ()
    body: str = ""
    fresh: bool = False
    stray: bool = False

    @property
    def transaction(self) -> str:
        """Its name for SIPp, which finds by it the answers to this request and to no other."""
        return f"{'INVITE' if self.method == 'ACK' else self.method}_{self.cseq}"

    def xml(self) -> str:
        """As SIPp has it; an ACK is not repeated by itself."""
        outside = "sip:srs@[remote_ip]:[remote_port]"
        where = outside if self.fresh or self.stray else "[next_url]"
        target = f"{_TO};tag=nobody" if self.stray else f"{_TO}[peer_tag_param]"
        kind = ("Content-Type: application/sdp",) if self.body else ()
        head = "\n".join((
            f"{self.method} {where} SIP/2.0",
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport",
            "Max-Forwards: 70",
            _FROM,
            _TO if self.fresh else target,
            "Call-ID: [call_id]",
            f"CSeq: {self.cseq} {self.method}",
            *self.headers,
            *kind,
            "Content-Length: [len]",
        ))  # fmt: skip
        role = "ack_txn" if self.method == "ACK" else 'retrans="500" start_txn'
        text = f"{head}\n\n{self.body}\n"
        return f'<send {role}="{self.transaction}">\n<![CDATA[\n\n{text}\n]]>\n</send>\n'


@dataclass(frozen=True, slots=True)
class Get:
    """A response by its status, or a request by its method."""

    what: int | str
    holds: str = ""

    def xml(self, *, to: Send | None) -> str:
        """As SIPp has it; 100 may come before a response. What must be in it is searched for.

        `to` is what is answered: only some answers have a Contact to go on to.
        """
        if isinstance(self.what, str) or to is None:
            return f'<recv request="{self.what}" crlf="true" />\n'
        of = f'response_txn="{to.transaction}"'
        first = f'<recv response="100" {of} optional="true" />\n'
        leads = ' rrs="true"' if to.method in {"INVITE", "UPDATE"} and self.what == OK else ""
        if not self.holds:
            return f'{first}<recv response="{self.what}" {of}{leads} />\n'
        return (
            f'{first}<recv response="{self.what}" {of}{leads}>\n<action>\n'
            f'<ereg regexp="{self.holds}" search_in="msg" check_it="true" assign_to="1" />\n'
            '<log message="[$1]" />\n</action>\n</recv>\n'
        )


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing for a while."""

    seconds: float

    def xml(self) -> str:
        """As SIPp has it."""
        return f'<pause milliseconds="{round(self.seconds * 1000)}" />\n'


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What follows goes to another port of the server's host."""

    port: int

    def xml(self) -> str:
        """As SIPp has it."""
        there = f'host="{HOST}" port="{self.port}" protocol="[transport]"'
        return f"<nop><action><setdest {there} /></action></nop>\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """The response to the request that was last received."""

    status: int
    headers: tuple[str, ...] = ()

    def xml(self) -> str:
        """As SIPp has it."""
        echoed = "\n".join(f"[last_{name}:]" for name in ("Via", "From", "To", "Call-ID", "CSeq"))
        said = "".join(f"{line}\n" for line in self.headers)
        head = f"SIP/2.0 {self.status} Said\n{echoed}\n{said}Content-Length: 0\n"
        return f"<send>\n<![CDATA[\n\n{head}\n\n]]>\n</send>\n"


Step = Send | Get | Pause | Elsewhere | Reply


def sdp(direction: str = "sendonly", port: int = 6994, address: str = "IP4 127.0.0.2") -> str:
    """A description of two lines."""
    lines = "".join(
        f"m=audio {port + 2 * at} RTP/AVP 0\na=label:{at + 1}\na={direction}\n" for at in range(2)
    )
    return f"v=0\no=src 1 1 IN {address}\ns=-\nc=IN {address}\nt=0 0\n{lines}"


def invite(*headers: str, cseq: int = 1, body: str | None = None) -> Send:
    """The INVITE of a recording session."""
    return Send("INVITE", cseq, (*_CONTACT, *headers), sdp() if body is None else body, fresh=True)


def answered(*headers: str, body: str | None = None) -> tuple[Step, ...]:
    """INVITE, 200, ACK."""
    return (invite(*headers, body=body), Get(200), Send("ACK", 1))


def hung_up(cseq: int) -> tuple[Step, ...]:
    """BYE, 200."""
    return (Send("BYE", cseq), Get(200))


def changed(
    method: str, cseq: int, body: str = "", headers: Sequence[str] = (), holds: str = ""
) -> tuple[Step, ...]:
    """A re-INVITE with its ACK, or an UPDATE, answered 200."""
    steps = (Send(method, cseq, (*_CONTACT, *headers), body), Get(200, holds))
    return (*steps, Send("ACK", cseq)) if method == "INVITE" else steps


# Name → the clause it is from, and its steps. One recording comes of each that is answered 200.
EXCHANGES: Final[dict[str, tuple[str, tuple[Step, ...]]]] = {
    "a call": ("RFC 3261 §13, §15", (*answered(), *hung_up(2))),
    "a call without an offer": (
        "RFC 3261 §13.2.1, RFC 7866 §7.1",
        (
            invite(body=""),
            Get(200, "m=audio"),
            Send("ACK", 1, body=sdp()),
            *hung_up(2),
        ),
    ),
    "hold by inactive, and resume": (
        "RFC 3264 §8.4",
        (
            *answered(),
            *changed("INVITE", 2, sdp("inactive"), holds="a=inactive"),
            *changed("INVITE", 3, sdp(), holds="a=recvonly"),
            *hung_up(4),
        ),
    ),
    "hold by an address that is nowhere": (
        "RFC 3264 §8.4, RFC 2543",
        (*answered(), *changed("INVITE", 2, sdp(address="IP4 0.0.0.0")), *hung_up(3)),
    ),
    "a line taken away": (
        "RFC 3264 §8.2",
        (*answered(), *changed("INVITE", 2, sdp().replace("m=audio 6996", "m=audio 0")),
         *hung_up(3)),
    ),
    "a re-INVITE without an offer": (
        "RFC 3261 §14.1",
        (
            *answered(),
            Send("INVITE", 2, _CONTACT),
            Get(200, "m=audio"),
            Send("ACK", 2, body=sdp()),
            *hung_up(3),
        ),
    ),
    "a BYE that is repeated later": (
        "RFC 3261 §15.1.2",
        (*answered(), *hung_up(2), Send("BYE", 3), Get(481)),
    ),
    "a request in no dialog": ("RFC 3261 §12.2.2", (
        Send("INVITE", 1, _CONTACT, sdp(), stray=True), Get(481), Send("ACK", 1, stray=True),
    )),
    "a CANCEL of nothing": ("RFC 3261 §9.2", (Send("CANCEL", 1, fresh=True), Get(481))),
    "an unknown method": ("RFC 3261 §8.2.1", (Send("PUBLISH", 1, fresh=True), Get(405, "Allow:"))),
    "an unknown extension": (
        "RFC 3261 §8.2.2.3",
        (invite("Require: teleport"), Get(420, "Unsupported: teleport"), Send("ACK", 1)),
    ),
    "a lower CSeq": (
        "RFC 3261 §12.2.2",
        (*answered(), *changed("UPDATE", 5, sdp()), Send("UPDATE", 4, _CONTACT, sdp()), Get(500),
         *hung_up(6)),
    ),
    "OPTIONS outside of a dialog": (
        "RFC 3261 §11", (Send("OPTIONS", 1, fresh=True), Get(200, "Accept:")),
    ),
    "OPTIONS inside of a dialog": (
        "RFC 3261 §11",
        (*answered(), Send("OPTIONS", 2), Get(200, "Accept:"), *hung_up(3)),
    ),
    "a timer that we keep": (
        "RFC 4028 §7.4, §10",
        (
            *answered(
                "Supported: timer", "Session-Expires: 90;refresher=uas",
                "Allow: INVITE, ACK, BYE, UPDATE",
            ),
            Get("UPDATE"),
            Reply(200, ("Session-Expires: 90;refresher=uac", _CONTACT[0])),
            *hung_up(2),
        ),
    ),
    "a description in UPDATE": (
        "RFC 3311 §5.2", (*answered(), *changed("UPDATE", 2, sdp("inactive"), holds="a=inactive"),
                          *changed("UPDATE", 3, sdp(), holds="a=recvonly"), *hung_up(4)),
    ),
    "UPDATE without a body": ("RFC 3311 §5.2", (*answered(), *changed("UPDATE", 2), *hung_up(3))),
    "who insists on 100rel": (
        "RFC 3262 §3",
        # A final response at once needs no provisional one before it.
        (*answered("Require: 100rel", "Supported: 100rel"), *hung_up(2)),
    ),
    "a PRACK of nothing": (
        "RFC 3262 §3",
        (*answered(), Send("PRACK", 2, ("RAck: 1 1 INVITE",)), Get(481), *hung_up(3)),
    ),
    "an interval that is too short": (
        "RFC 4028 §9",
        (invite("Supported: timer", "Session-Expires: 30"), Get(422, "Min-SE: 90"), Send("ACK", 1)),
    ),
    "a timer that the peer keeps": (
        "RFC 4028 §9",
        (
            invite("Supported: timer", "Session-Expires: 1800;refresher=uac"),
            Get(200, "Session-Expires: 1800;refresher=uac"),
            Send("ACK", 1),
            *changed("UPDATE", 2, headers=("Supported: timer", "Session-Expires: 1800"),
                     holds="Session-Expires: 1800"),
            *changed("INVITE", 3, sdp(), ("Supported: timer", "Session-Expires: 1800"),
                     "Session-Expires: 1800"),
            *hung_up(4),
        ),
    ),
    "INFO": ("RFC 6086 §4.2.2", (*answered(), Send("INFO", 2), Get(200), *hung_up(3))),
    "REFER": ("RFC 3515 §2.4.2", (
        *answered(), Send("REFER", 2, ("Refer-To: <sip:a@192.0.2.1>",)), Get(405), *hung_up(3),
    )),
}  # fmt: skip


def _xml(steps: Sequence[Step]) -> Iterator[str]:
    asked: Send | None = None
    for step in steps:
        if isinstance(step, Send) and step.method != "ACK":
            asked = step
        yield step.xml(to=asked) if isinstance(step, Get) else step.xml()


def recordings_of(steps: Iterable[Step]) -> int:
    """How many recordings a call of these steps leaves."""
    steps = list(steps)
    is_taken = isinstance(steps[1], Get) and steps[1].what == 200
    return int(is_taken and isinstance(steps[0], Send) and steps[0].method == "INVITE")


@dataclass(frozen=True, slots=True)
class Play:
    """A SIPp at its calls; `tag` begins each Call-ID."""

    tag: str
    process: subprocess.Popen[bytes]
    errors: Path

    def finish(self) -> None:
        """Wait for its end; every call must have gone as written."""
        code = self.process.wait(LONGEST_S + 10)
        said = self.errors.read_text("utf-8", "replace") if self.errors.exists() else ""
        assert code == 0, f"SIPp: {code}\n{said}"


@contextmanager
def playing(  # noqa: PLR0913 - each is a thing that SIPp can be told
    server: Server,
    steps: Iterable[Step],
    *,
    calls: int,
    transport: Transport = "udp",
    lost: int = 0,
    host: str = KNOWN_PEER,
    per_s: int = 50,
    within: Sequence[str] = (),
) -> Iterator[Play]:
    """Have SIPp play these steps `calls` times; every message is lost `lost` times in 100.

    `within` is a command line that runs another one in a network namespace.
    """
    tag = f"exchange-{secrets.token_hex(6)}"
    file = server.folder / f"{tag}.xml"
    inner = "".join(_xml(list(steps)))
    text = f'<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="x">\n{inner}</scenario>\n'
    file.write_text(text, "utf-8")
    bound = f"[{server.bind}]" if ":" in server.bind else server.bind
    wire = tls_wire(server, host) if transport == "tls" else nullcontext(0)
    with wire as port:
        where = f"{HOST}:{port}" if port else f"{bound}:{server.sip_port}"
        command = [*within, "sipp", where, "-sf", str(file), "-t", _MODES[transport]]
        command += ["-m", str(calls), "-r", str(per_s), "-i", host, "-p", str(free_port())]
        command += ["-cid_str", f"{tag}-%u", "-nostdin", "-timeout", f"{LONGEST_S}"]
        command += ["-timeout_error", "-trace_err", "-error_file", str(file.with_suffix(".log"))]
        # Our own OPTIONS within a call is answered.
        command += ["-aa", "-lost", str(lost)]
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)
        try:
            yield Play(tag, process, file.with_suffix(".log"))
        finally:
            process.kill()
            process.wait()
