"""SIP over TLS on loopback, with Python's own TLS as the peer."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from structlog.testing import capture_logs
from structlog.typing import EventDict

from capture.endpoints import connection, tcp
from capture.endpoints.certificates import TlsFiles, client_context, server_context
from capture.endpoints.tcp import MAX_STRANGERS, Carrier, TcpEndpoint, UpperLayer
from capture.endpoints.wire import TlsWires
from capture.sip.flow import Address, Flow
from tests.capture.endpoints.papers import Authority
from tests.capture.endpoints.stage import HERE, MESSAGE, PATIENCE_S, Inbox, abandon, attempts_over
from tests.support.live_signalling import until

STRANGER = "127.0.0.2"


class Stage:
    """A TLS endpoint of a node whose client has a certificate."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.inbox = Inbox()
        self.away: list[Flow] = []
        self.authority = Authority(folder)
        self.files = self.authority.files("srs.example", "optional")
        self.wires = TlsWires(server_context(self.files), client_context(self.files))
        listener = socket.create_server((host, 0))
        self.address = Address(*listener.getsockname()[:2])
        self.endpoint = TcpEndpoint(
            listener.detach(), HERE,
            UpperLayer(receive=self.inbox.put, known_as=self.known_as, unreached=self.unreached),
            Carrier(transport="tls", wires=self.wires),
        )  # fmt: skip

    def unreached(self, flow: Flow, _live: frozenset[int]) -> None:
        self.away.append(flow)

    def known_as(self, host: str, names: tuple[str, ...]) -> str:
        return "sbc" if host == "127.0.0.1" or "sbc.example" in names else ""

    def context(self, name: str = "") -> ssl.SSLContext:
        """A client's, with a certificate of this name or with none."""
        context = ssl.create_default_context(cafile=str(self.authority.path))
        context.check_hostname = False
        if name:
            context.load_cert_chain(*self.authority.issue(name))
        return context

    async def connect(
        self, name: str = "", host: str = "127.0.0.1"
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connecting = asyncio.open_connection(
            *self.address, ssl=self.context(name), local_addr=(host, 0)
        )
        return await asyncio.wait_for(connecting, PATIENCE_S)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    stage = Stage(folder)
    try:
        yield stage
    finally:
        abandon(stage.endpoint)


async def test_a_message_comes_and_its_answer_goes_the_same_way(tmp_path: Path) -> None:
    """Its flow says what it came by, and what its sender has proved."""
    with staged(tmp_path) as stage:
        reader, writer = await stage.connect("sbc.example")
        writer.write(MESSAGE)
        message, flow = await stage.inbox.take()
        assert message == MESSAGE
        assert (flow.transport, flow.is_reliable) == ("tls", True)
        assert flow.names == ("sbc.example",)

        stage.endpoint.send(flow, b"SIP/2.0 200 OK\r\n\r\n")
        assert await asyncio.wait_for(reader.readexactly(18), PATIENCE_S)
        writer.close()


async def test_a_name_is_enough_where_an_address_is_not(tmp_path: Path) -> None:
    """A client whose address changes is known by its certificate."""
    with staged(tmp_path) as stage:
        _, writer = await stage.connect("sbc.example", STRANGER)
        writer.write(MESSAGE + MESSAGE)
        for _ in range(2):
            _, flow = await stage.inbox.take()
        assert flow.remote.host == STRANGER
        writer.close()


async def test_a_stranger_is_counted_and_gets_no_byte(tmp_path: Path) -> None:
    """Also one who speaks TLS."""
    with staged(tmp_path) as stage:
        reader, writer = await stage.connect(host=STRANGER)
        writer.write(MESSAGE)
        await stage.inbox.take()

        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        writer.close()


async def test_who_speaks_no_tls_is_let_go(tmp_path: Path) -> None:
    """Plain SIP on the TLS port."""
    with staged(tmp_path) as stage:
        reader, writer = await asyncio.open_connection(*stage.address)
        writer.write(MESSAGE)

        await asyncio.wait_for(reader.read(), PATIENCE_S)
        assert reader.at_eof()
        assert stage.inbox.is_empty
        writer.close()


async def test_who_says_nothing_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are few: one that never shakes hands must not keep a client out."""
    monkeypatch.setattr(connection, "HANDSHAKE_S", 0.05)
    with staged(tmp_path) as stage:
        reader, writer = await asyncio.open_connection(*stage.address)

        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        writer.close()


async def test_a_peer_that_is_gone_is_called_back_over_tls(tmp_path: Path) -> None:
    """Our BYE finds its way after the connection broke."""
    with staged(tmp_path) as stage:
        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.put_nowait(await reader.readexactly(len(MESSAGE)))
            writer.close()

        certificate, key = stage.authority.issue("phone.example")
        files = TlsFiles(certificate=certificate, key=key)
        server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=server_context(files))
        async with server:
            remote = Address(*server.sockets[0].getsockname()[:2])
            flow = Flow(transport="tls", local=HERE, remote=remote, connection=99)
            stage.endpoint.send(flow, MESSAGE)

            assert await asyncio.wait_for(heard.get(), PATIENCE_S) == MESSAGE


async def test_a_peer_is_called_over_tls_from_the_address_on_which_we_answer(
    tmp_path: Path,
) -> None:
    """By that he knows us, before he has seen any certificate."""
    stage = Stage(tmp_path, "127.0.0.2")
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = Address(*server.getsockname())
        stage.endpoint.send(Flow(transport="tls", local=HERE, remote=remote), MESSAGE)
        accepted, (host, _) = server.accept()
        await attempts_over(stage.endpoint)
        accepted.close()
    abandon(stage.endpoint)

    assert host == "127.0.0.2"


async def test_a_large_message_is_carried_whole(tmp_path: Path) -> None:
    """Many records of TLS, one message of SIP."""
    body = bytes(200_000)
    large = MESSAGE.replace(b"Content-Length: 5", b"Content-Length: 200000")[:-5] + body
    with staged(tmp_path) as stage:
        _, writer = await stage.connect()
        with closing(writer):
            writer.write(large)
            message, _ = await stage.inbox.take()

    assert message == large


class Called:
    """A server with a certificate of its own, that says what it hears."""

    def __init__(self, stage: Stage, name: str, *names: x509.GeneralName) -> None:
        certificate, key = stage.authority.issue(name, *names)
        self._context = server_context(TlsFiles(certificate=certificate, key=key))
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self.connections = 0

    async def listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._hear, "127.0.0.1", 0, ssl=self._context)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.heard.put_nowait(await reader.readexactly(len(MESSAGE)))
        except asyncio.IncompleteReadError:
            writer.close()


def distrust(logs: list[EventDict]) -> list[EventDict]:
    """The log lines of peers that were not trusted."""
    return [each for each in logs if each["event"] == "peer not trusted"]


def to(server: asyncio.Server, name: str) -> Flow:
    """The way to a server that must prove this name."""
    remote = Address(*server.sockets[0].getsockname()[:2])
    return Flow(transport="tls", local=HERE, remote=remote, name=name)


SIP_DOMAIN = x509.UniformResourceIdentifier("sip:carrier.example")


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ((), "sbc.example"),
        ((), "SBC.example"),
        ((), "127.0.0.1"),
        ((SIP_DOMAIN,), "carrier.example"),
        ((), ""),
    ],
    ids=["dns", "case", "address", "uri", "no name"],
)
async def test_who_proves_the_name_is_told(
    tmp_path: Path, names: tuple[x509.GeneralName, ...], wanted: str
) -> None:
    """RFC 5922 section 7: the domain that was called, before DNS."""
    with staged(tmp_path) as stage:
        called = Called(stage, "sbc.example", *names)
        with closing(await called.listen()) as server:
            stage.endpoint.send(to(server, wanted), MESSAGE)

            assert await asyncio.wait_for(called.heard.get(), PATIENCE_S) == MESSAGE


@pytest.mark.parametrize(
    ("name", "names", "wanted"),
    [
        ("sbc.example", (), "carrier.example"),
        ("*.carrier.example", (), "a.carrier.example"),
        ("carrier.example", (), "a.carrier.example"),
        ("sbc.example", (SIP_DOMAIN,), "sbc.example"),
        ("sbc.example", (), "127.0.0.2"),
    ],
    ids=["another", "wildcard", "suffix", "uri beside dns", "address"],
)
async def test_who_proves_another_name_is_told_nothing(
    tmp_path: Path, name: str, names: tuple[x509.GeneralName, ...], wanted: str
) -> None:
    """The request waits for the proof, and is lost with the connection; the log says why."""
    with staged(tmp_path) as stage, capture_logs() as logs:
        called = Called(stage, name, *names)
        with closing(await called.listen()) as server:
            stage.endpoint.send(to(server, wanted), MESSAGE)
            await until(lambda: bool(stage.away))

    assert called.heard.empty()
    assert not stage.endpoint._connections
    assert [each.name for each in stage.away] == [wanted]
    (line,) = distrust(logs)
    assert (line["reason"], line["wanted"]) == ("its certificate is for another name", wanted)


async def test_who_shows_a_certificate_of_nobody_is_told_nothing(tmp_path: Path) -> None:
    """Whatever name is in it."""
    with staged(tmp_path) as stage, capture_logs() as logs:
        other = tmp_path / "other"
        other.mkdir()
        certificate, key = Authority(other, "stranger").issue("sbc.example")
        context = server_context(TlsFiles(certificate=certificate, key=key))
        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.put_nowait(await reader.read())
            writer.close()

        server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
        async with server:
            stage.endpoint.send(to(server, "sbc.example"), MESSAGE)
            await until(lambda: bool(distrust(logs)))

    assert heard.empty()


async def test_who_wants_another_certificate_of_us_takes_our_request_with_him(
    tmp_path: Path,
) -> None:
    """In TLS 1.3 he says so when hands are shaken for us, and the request is on its way."""
    with staged(tmp_path) as stage:
        other = tmp_path / "other"
        other.mkdir()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(*stage.authority.issue("sbc.example"))
        context.load_verify_locations(str(Authority(other, "stranger").path))
        context.verify_mode = ssl.CERT_REQUIRED
        called = Called(stage, "sbc.example")
        called._context = context
        with closing(await called.listen()) as server:
            stage.endpoint.send(to(server, "sbc.example"), MESSAGE)
            await until(lambda: bool(stage.away))

    assert called.heard.empty()
    assert [(each.name, each.connection > 0) for each in stage.away] == [("sbc.example", True)]


async def test_a_connection_that_proved_another_name_is_not_used(tmp_path: Path) -> None:
    """One server for two domains proves each; what it has proved already needs no other one."""
    with staged(tmp_path) as stage, capture_logs() as logs:
        called = Called(stage, "a.example", x509.DNSName("b.example"))
        with closing(await called.listen()) as server:
            for name in ("a.example", "b.example", "a.example"):
                stage.endpoint.send(to(server, name), MESSAGE)
                assert await asyncio.wait_for(called.heard.get(), PATIENCE_S) == MESSAGE
            assert called.connections == 1

            stage.endpoint.send(to(server, "c.example"), MESSAGE)
            await until(lambda: bool(distrust(logs)))
            assert called.heard.empty()


async def test_without_authorities_nothing_is_proved(tmp_path: Path) -> None:
    """There is nothing to prove it by; it is said in the manual."""
    with staged(tmp_path) as stage:
        files = stage.authority.files("srs.example")
        stage.wires.use(server_context(files), client_context(files))
        called = Called(stage, "sbc.example")
        with closing(await called.listen()) as server:
            stage.endpoint.send(to(server, "carrier.example"), MESSAGE)

            assert await asyncio.wait_for(called.heard.get(), PATIENCE_S) == MESSAGE


async def test_what_comes_back_there_says_which_name_was_proved(tmp_path: Path) -> None:
    """So that a request in its dialog wants the same one."""
    with staged(tmp_path) as stage:
        certificate, key = stage.authority.issue("sbc.example")
        context = server_context(TlsFiles(certificate=certificate, key=key))

        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(len(MESSAGE))
            writer.write(MESSAGE)

        server = await asyncio.start_server(speak, "127.0.0.1", 0, ssl=context)
        async with server:
            stage.endpoint.send(to(server, "sbc.example"), MESSAGE)
            _, flow = await stage.inbox.take()

    assert flow.name == "sbc.example"


async def test_idle_handshakes_keep_nobody_out_who_has_a_certificate(tmp_path: Path) -> None:
    """More than there is room for, of one address; the peer is known by its name alone."""
    with staged(tmp_path) as stage, capture_logs() as logs:
        idle = [
            socket.create_connection(stage.address, source_address=(STRANGER, 0))
            for _ in range(MAX_STRANGERS + 16)
        ]
        reader, writer = await stage.connect("sbc.example", "127.0.0.3")
        writer.write(MESSAGE)
        _, flow = await stage.inbox.take()
        stage.endpoint.send(flow, b"answer")
        assert await asyncio.wait_for(reader.readexactly(6), PATIENCE_S) == b"answer"
        writer.close()
        for each in idle:
            each.close()

    assert flow.remote.host == "127.0.0.3"
    assert {(each["event"], each["peer"]) for each in logs} == {
        ("connection turned away", STRANGER),
        ("connection closed", STRANGER),
    }


async def test_idle_handshakes_of_a_crowd_of_addresses_keep_nobody_out(tmp_path: Path) -> None:
    """One each: no address has more than its share, and all together no more than there is room."""
    hosts = [f"127.0.8.{1 + number}" for number in range(MAX_STRANGERS + 16)]
    with staged(tmp_path) as stage, capture_logs() as logs:
        idle = [socket.create_connection(stage.address, source_address=(host, 0)) for host in hosts]
        _, writer = await stage.connect("sbc.example", "127.0.0.3")
        writer.write(MESSAGE)
        _, flow = await stage.inbox.take()
        writer.close()
        for each in idle:
            each.close()

    assert flow.remote.host == "127.0.0.3"
    assert [each["peer"] for each in logs if each["reason"] == "too many"][:16] == hosts[:16]


async def test_who_proves_itself_takes_one_of_its_peers_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are proved when the connection is there already; that one counts as well."""
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 2)
    with staged(tmp_path) as stage:
        known = []
        for _ in range(3):
            known.append(await stage.connect("sbc.example", STRANGER))
            known[-1][1].write(MESSAGE)
            await stage.inbox.take()
        assert await asyncio.wait_for(known[0][0].read(), PATIENCE_S) == b""
        assert len(stage.endpoint._connections) == 2
        for _, writer in known:
            writer.close()
