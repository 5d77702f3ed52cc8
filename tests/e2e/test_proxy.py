"""Behind TLS as `docs/how-to/pages-behind-tls.md` says: its own text is what is tried."""

import ssl
from collections.abc import Iterator
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from bench.server import Running, data_of
from tests.e2e.people import Person, house
from tests.scenarios.proxies import example, missing, nginx


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A recorder that trusts the proxy, as step 1 says."""
    settings = example("toml").partition("[http]")[2]
    with house(tmp_path_factory.mktemp("behind"), settings) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(behind: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """nginx as step 2 says, on a port of its own, with a certificate that nobody has signed."""
    if why := missing("nginx"):
        pytest.skip(why)
    with nginx(tmp_path_factory.mktemp("nginx"), behind.http_port) as started:
        yield f"https://localhost:{started.port}"


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
