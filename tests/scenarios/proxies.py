"""Reverse proxies set up as `docs/how-to/pages-behind-tls.md` says, on ports of their own.

The text of the page is what is run. Knows nothing of what is asked through them.
"""

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench.server import free_port
from tests.scenarios.waiting import met

HOW_TO: Final = Path(__file__).parents[2] / "docs/how-to/pages-behind-tls.md"
NAME: Final = "rokuon.example.com"
_NGINX: Final = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""
_CADDY: Final = """\
{{
    admin off
    default_bind 127.0.0.1
    https_port {port}
    auto_https disable_redirects
    storage file_system {folder}
}}
{site}
"""


@dataclass(frozen=True, slots=True)
class Proxy:
    """One that listens; its log is a file."""

    port: int
    log: Path


def example(language: str) -> str:
    """The block of that language on the page; of several the last: those of a proxy come last."""
    return str(re.findall(rf"```{language}\n(.*?)```", HOW_TO.read_text(), re.DOTALL)[-1])


def missing(kind: str) -> str:
    """What has to be installed for it; "" where it is there."""
    package = {"nginx": "nginx-light"}.get(kind, kind)
    return "" if _program(kind) else f"no {kind}: apt-get install {package}"


def _program(kind: str) -> str | None:
    return shutil.which(kind) or shutil.which(kind, path="/usr/sbin")


@contextmanager
def nginx(folder: Path, http_port: int) -> Iterator[Proxy]:
    """nginx, while the block lasts."""
    port = free_port()
    # The port of a test is not the usual one, and a browser sends it along.
    site = _site("nginx", folder, http_port).replace("$host;", "$http_host;")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, site=site))
    with _running("nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder), port=port):
        yield Proxy(port, folder / "access.log")


@contextmanager
def bare_nginx(folder: Path, http_port: int) -> Iterator[Proxy]:
    """nginx without TLS that passes everything on and says nothing of it, while the block lasts."""
    port = free_port()
    site = f"access_log {folder}/access.log; server {{ listen 127.0.0.1:{port};"
    site += f" location / {{ proxy_pass http://127.0.0.1:{http_port}; }} }}"
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, site=site))
    with _running("nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder), port=port):
        yield Proxy(port, folder / "access.log")


@contextmanager
def caddy(folder: Path, http_port: int) -> Iterator[Proxy]:
    """Caddy, while the block lasts."""
    port = free_port()
    site = _site("caddy", folder, http_port)
    (folder / "Caddyfile").write_text(_CADDY.format(folder=folder, port=port, site=site))
    file = ("--config", f"{folder}/Caddyfile", "--adapter", "caddyfile")
    with _running("caddy", "run", *file, port=port):
        yield Proxy(port, folder / "access.log")


PROXIES: Final[dict[str, Callable[[Path, int], AbstractContextManager[Proxy]]]] = {
    "nginx": nginx,
    "caddy": caddy,
}


def _site(language: str, folder: Path, http_port: int) -> str:
    """The page's block with the places of this test, and a certificate that nobody has signed."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", "/CN=localhost", "-addext", f"subjectAltName=DNS:localhost,DNS:{NAME}"]
    command += ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    subprocess.run(command, check=True, capture_output=True)
    text = example(language)
    for there, here in (
        (f"/etc/ssl/{NAME}.pem", f"{folder}/cert.pem"),
        (f"/etc/ssl/{NAME}.key", f"{folder}/key.pem"),
        (f"/var/log/{language}/rokuon.log", f"{folder}/access.log"),
        ("127.0.0.1:8080", f"127.0.0.1:{http_port}"),
    ):
        assert there in text
        text = text.replace(there, here)
    return text


@contextmanager
def _running(kind: str, *words: str, port: int) -> Iterator[None]:
    program = _program(kind)
    assert program is not None
    process = subprocess.Popen([program, *words], stderr=subprocess.DEVNULL)
    try:
        met(partial(_listens, port), kind)
        yield
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
