"""Network namespaces that a test makes: a client, an address translator, a server, two wires.

Needs root and Debian's iproute2 and nftables. Knows nothing of SIP.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

CLIENT: Final = "192.168.77.2"
INSIDE: Final = "192.168.77.1"
OUTSIDE: Final = "10.77.0.1"
SERVER: Final = "10.77.0.2"
# Outside as well, and seen as itself.
BESIDE: Final = "10.77.0.3"
# This host, and another one on the same wire.
NEAR: Final = "10.78.0.1"
SECOND: Final = "10.78.0.2"
_RULES: Final = """\
table ip translation {
  chain out {
    type nat hook postrouting priority srcnat;
    oifname "out" ip saddr 192.168.77.0/24 masquerade random
  }
}
"""


class WireTaken(Exception):
    """Another wire has our address here."""


def why_not() -> str:
    """Why no namespaces can be made here; "" where they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    missing = [tool for tool in ("ip", "nft") if shutil.which(tool) is None]
    return f"Debian's iproute2 and nftables are not there: {missing}" if missing else ""


@dataclass(frozen=True, slots=True)
class Namespace:
    """One, by its name."""

    name: str

    def command(self, *words: str) -> list[str]:
        """A command line that runs inside."""
        return ["ip", "netns", "exec", self.name, *words]

    def run(self, *words: str, told: str = "") -> None:
        """Run it and wait; raises where it fails."""
        subprocess.run(self.command(*words), input=told, text=True, check=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@contextmanager
def _namespace(name: str) -> Iterator[Namespace]:
    _ip("netns", "add", name)
    try:
        made = Namespace(name)
        made.run("ip", "link", "set", "lo", "up")
        yield made
    finally:
        _ip("netns", "delete", name)


@dataclass(frozen=True, slots=True)
class Translation:
    """A client, `CLIENT`; who translates its addresses, and is `BESIDE` too; a server, `SERVER`."""

    client: Namespace
    translator: Namespace
    server: Namespace


@contextmanager
def behind_translation() -> Iterator[Translation]:
    """A client whose every packet comes to the server from `OUTSIDE`, from a port that it chose."""
    mark = secrets.token_hex(3)
    with ExitStack() as stack:
        client, nat, server = (
            stack.enter_context(_namespace(f"rk{mark}{who}")) for who in ("c", "n", "s")
        )
        _wire((client, "eth0", CLIENT), (nat, "in", INSIDE))
        _wire((nat, "out", OUTSIDE), (server, "eth0", SERVER))
        client.run("ip", "route", "add", "default", "via", INSIDE)
        nat.run("ip", "address", "add", f"{BESIDE}/24", "dev", "out")
        nat.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        nat.run("nft", "-f", "-", told=_RULES)
        yield Translation(client, nat, server)


@contextmanager
def second_host() -> Iterator[Namespace]:
    """Another host, `SECOND`, on a wire to this one, which is `NEAR` there."""
    _refuse_taken()
    mark = secrets.token_hex(3)
    with _namespace(f"rk{mark}h") as second:
        near = f"rk{mark}"
        _ip("link", "add", near, "type", "veth", "peer", "name", "eth0", "netns", second.name)
        try:
            _ip("address", "add", f"{NEAR}/30", "dev", near)
            _ip("link", "set", near, "up")
            second.run("ip", "address", "add", f"{SECOND}/30", "dev", "eth0")
            second.run("ip", "link", "set", "eth0", "up")
            yield second
        finally:
            _ip("link", "delete", near)


def _refuse_taken() -> None:
    """Of two wires with one address the older gets the answers, and nobody sees why."""
    shown = ["ip", "-o", "-4", "address", "show", "to", NEAR]
    said = subprocess.run(shown, capture_output=True, text=True, check=True).stdout.split()
    if said:
        left = f"{NEAR} is at {said[1]}: a run goes on, or was killed"
        raise WireTaken(f"{left}; then remove it by: ip link delete {said[1]}")


def _wire(one: tuple[Namespace, str, str], two: tuple[Namespace, str, str]) -> None:
    (a, name_a, address_a), (b, name_b, address_b) = one, two
    _ip("link", "add", name_a, "netns", a.name, "type", "veth", "peer", name_b, "netns", b.name)
    for space, name, address in ((a, name_a, address_a), (b, name_b, address_b)):
        space.run("ip", "address", "add", f"{address}/24", "dev", name)
        space.run("ip", "link", "set", name, "up")
