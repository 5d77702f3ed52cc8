"""What the settings of the API must be to each other: proxies, names, TLS, and nothing in clear.

Pure. Knows nothing of files or positions.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from rokuon.config.config_problems import ConfigProblem
from rokuon.config.rules import is_address, is_network, misfit
from rokuon.config.schema import HttpSettings
from rokuon.messages.i18n import tr

# Without scheme, port, path and wildcard; of a name in other letters its form in ASCII (xn--).
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


def http_problems(http: HttpSettings) -> Iterator[ConfigProblem]:
    """Everything that does not fit."""
    yield from _proxy_problems(http.trusted_proxies)
    yield from _host_problems(http.hosts)
    if (http.certificate is None) is not (http.key is None):
        missing = "key" if http.key is None else "certificate"
        yield misfit(
            ("http", missing),
            tr("TLS needs a certificate and its key"),
            tr("give both files, or neither: then there is no TLS"),
        )
    elif _is_open_in_clear(http):
        yield misfit(
            ("http", "bind"),
            tr("passwords, tokens and recordings would cross the network in clear"),
            tr(
                "give http.certificate and http.key, or name the proxy that has TLS in"
                " http.trusted_proxies (docs/how-to/pages-behind-tls.md)"
            ),
        )


def _is_open_in_clear(http: HttpSettings) -> bool:
    if http.certificate is not None or http.trusted_proxies or not is_address(http.bind):
        return False
    return not ip_address(http.bind).is_loopback


def _proxy_problems(proxies: tuple[str, ...]) -> Iterator[ConfigProblem]:
    for index, address in enumerate(proxies):
        if not is_network(address):
            yield misfit(
                ("http", "trusted_proxies", index),
                tr("this is no address and no network"),
                tr('for example ["127.0.0.1"] or ["192.0.2.0/24"]'),
            )


def _host_problems(hosts: tuple[str, ...]) -> Iterator[ConfigProblem]:
    for index, name in enumerate(hosts):
        if not _HOST_NAME.fullmatch(name):
            yield misfit(
                ("http", "hosts", index),
                tr("this is not the name of a host"),
                tr('the name alone, as a browser sends it: "rokuon.example.com"'),
            )
