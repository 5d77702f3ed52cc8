"""What tests of failing recording share."""

from typing import Final

from tests.scenarios.inline.node import Node

FAILED: Final = "no volume takes a recording"


def failures(node: Node) -> int:
    """How often the node has said that it cannot write."""
    return (node.folder / "rokuon.log").read_text().count(FAILED)
