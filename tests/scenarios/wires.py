"""A TLS wire for a SIPp that speaks TCP: what it sends to a port here comes to the server over TLS.

SIPp 3.7 speaks TLS itself, but stalls in its first read or write, against OpenSSL's own server too.
Python's ssl carries its bytes instead. Knows nothing of SIP.
"""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.scenarios.server import HOST, KNOWN_PEER, Server

_CHUNK = 65_536


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def tls_wire(server: Server, host: str = KNOWN_PEER) -> Iterator[int]:
    """The port of this machine's that leads to the server's over TLS, from `host`."""
    context = ssl.create_default_context(cafile=server.certificate)
    context.check_hostname = False
    loop = asyncio.new_event_loop()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(
            HOST, server.tls_port, ssl=context, local_addr=(host, 0)
        )
        async with asyncio.TaskGroup() as both:
            both.create_task(_carry(reader, back))
            both.create_task(_carry(there, writer))

    listening = loop.run_until_complete(asyncio.start_server(connected, HOST, 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
