"""A web server that passes the pages on and does not say so, before a Rokuon as it is installed."""

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bench.server import data_of, start_rokuon
from tests.crash.whole import own_rtp_ports
from tests.scenarios.proxies import bare_nginx, missing

pytestmark = pytest.mark.scenario


def _said(port: int, method: str, path: str, fields: dict[str, str] | None = None) -> str:
    """What a browser somewhere else gets that asks the web server."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    body, headers = None, {"Host": "192.0.2.20", "Accept": "text/html"}
    if fields is not None:
        body = urlencode(fields)
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        headers |= {"Origin": f"http://192.0.2.20:{port}", "Cookie": "rokuon-form=k"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = f"{answer.status} {answer.headers} {answer.read().decode()}"
    connection.close()
    return text


def test_nobody_signs_in_through_a_web_server_that_says_nothing_of_itself(tmp_path: Path) -> None:
    """It sends the name of the loopback and no header, as who sits at this machine does.

    A password would cross the network in clear; the code of the first start is not used up either.
    """
    if why := missing("nginx"):
        pytest.skip(why)
    running = start_rokuon(tmp_path, max_calls=20, rtp_ports=own_rtp_ports(), first=())
    try:
        with bare_nginx(tmp_path, running.http_port) as proxy:
            address = (data_of(tmp_path) / "first-code").read_text()
            (code,) = parse_qs(urlsplit(address.strip()).query)["code"]
            asked = _said(proxy.port, "GET", "/sign-in")
            fields = {"form_key": "k", "code": code, "use": "1", "name": "kanri"}
            used = _said(proxy.port, "POST", "/welcome", fields)
            passed_on = proxy.log.read_text()
    finally:
        running.stop()

    assert "/sign-in" in passed_on
    assert asked.startswith("200")
    assert 'name="password"' not in asked
    assert "local_browser = true" in asked
    assert "set-cookie: rokuon=" not in used.lower()
