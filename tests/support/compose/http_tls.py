"""What tests of http tls share."""

import asyncio
import ssl

from tests.capture.endpoints.papers import Authority

ASKED = "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n"


NAME = "rokuon.example"


def settings(authority: Authority) -> str:
    certificate, key = authority.issue(NAME)
    return f'certificate = "{certificate}"\nkey = "{key}"\n'


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.path)


async def said(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
