"""Behind TLS as `docs/how-to/pages-behind-tls.md` says: its own text is what is tried."""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bench.server import Running, data_of, free_port
from tests.e2e.people import Person, house
from tests.scenarios.waiting import met

HOW_TO = Path(__file__).parents[2] / "docs/how-to/pages-behind-tls.md"
WHOLE = """\
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


def example(language: str) -> str:
    """The block of that language on the page."""
    found = re.search(rf"```{language}\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A recorder that trusts the proxy, as step 1 says."""
    settings = example("toml").partition("[http]")[2]
    with house(tmp_path_factory.mktemp("behind"), settings) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(behind: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """nginx as step 2 says, on a port of its own, with a certificate that nobody has signed."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (
        example("nginx")
        .replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        .replace("/etc/ssl/rokuon.example.com.pem", f"{folder}/cert.pem")
        .replace("/etc/ssl/rokuon.example.com.key", f"{folder}/key.pem")
        .replace("/var/log/nginx/rokuon.log", f"{folder}/access.log")
        .replace("http://127.0.0.1:8080", f"http://127.0.0.1:{behind.http_port}")
        # The port of this test is not the usual one, and a browser sends it along.
        .replace("$host;", "$http_host;")
    )
    (folder / "nginx.conf").write_text(WHOLE.format(folder=folder, site=site))
    process = subprocess.Popen([nginx, "-c", folder / "nginx.conf", "-p", folder])
    try:
        met(lambda: listens(port), "nginx")
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def listens(port: int) -> bool:
    """Whether anybody does."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def asked_as(proxy: str, host: str) -> int:
    """What the page of signing in answers under a name, whose certificate is not looked at."""
    where = urlsplit(proxy)
    context = ssl._create_unverified_context()  # noqa: S323  # nobody has signed it
    connection = HTTPSConnection(where.netloc, context=context)
    connection.request("GET", "/sign-in", headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status


def test_pages_are_given_under_the_name_of_the_how_to_alone(proxy: str) -> None:
    """The only site of a proxy gets what is asked under every name that leads there."""
    assert asked_as(proxy, "rokuon.example.com") == 200
    assert asked_as(proxy, "evil.example") == 421


def test_a_person_signs_in_over_tls_and_its_cookie_is_bound_to_this_host(
    behind: Running, proxy: str, chromium: Any
) -> None:
    """And the proxy's log has no query: a number that is searched for stands there."""
    context = chromium.new_context(ignore_https_errors=True, locale="en-GB")
    person = Person(name="kanri", base=proxy, page=context.new_page())
    address = (data_of(behind.config.parent) / "first-code").read_text().strip()
    person.enrol(address.rpartition("=")[2], "kanri")
    cookies = {each["name"]: each for each in context.cookies()}
    person.go("/calls?number=0312345678")
    context.close()

    assert cookies["__Host-rokuon"]["secure"] is True
    assert cookies["__Host-rokuon"]["httpOnly"] is True
    assert "rokuon" not in cookies
