"""What tests of vendors share."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.scenarios.server import vendor_address
from tests.scenarios.stage import Call, Stage
from tests.scenarios.vendors import contents, write_scenario
from tests.vendors.script import Script

_LINES: Final = re.compile(rb"^m=\w+ (\d+) ", re.MULTILINE)


@contextmanager
def playing(stage: Stage, script: Script) -> Iterator[Call]:
    """The session at SIPp's hands, from its vendor's address."""
    file = stage.server.folder / script.name
    write_scenario(script, file.with_suffix(".xml"))
    with stage.call(str(file), later=contents(script), host=vendor_address(script.name)) as call:
        yield call


def ports(call: Call) -> list[int]:
    """The port of each m-line in the first answer."""
    return [int(port) for port in _LINES.findall(call.scene.answered().text)]
