"""What tests of notice policies share."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.scenarios.inline.node import Node
from tests.scenarios.inline.processes import part
from tests.scenarios.inline.talk import Roles, Talk, talk
from tests.scenarios.waiting import met

BLOCKED = Roles(caller="caller_hears_bye")


def replace_relay(node: Node) -> None:
    """Another one works from now on, which has read no prompt."""
    root = node.server.process_id
    killed = part(root, "relay-0")
    os.kill(killed, signal.SIGKILL)
    met(lambda: part(root, "relay-0") not in {killed, 0}, "another relay")


@contextmanager
def told_in_part(
    node: Node, folder: Path, roles: Roles, how: str, policy: str, *, called: str = ""
) -> Iterator[Talk]:
    """A call in which both have answered, and the notice is none or ends in the middle."""
    prompts, aside = node.folder / "var/run/prompts", folder / "aside"

    def lose() -> None:
        prompts.rename(aside)
        replace_relay(node)

    def later() -> None:
        """Nothing is lost yet."""

    first = lose if how == "missing" else later
    with talk(node, folder, roles, first=first, called=called, without_notice=policy) as two:
        try:
            two.answered()
            if how == "cut short":
                met(lambda: len(two.alice.datagrams()) > 50, "a second of the notice")
                lose()
            yield two
        finally:
            aside.rename(prompts)
