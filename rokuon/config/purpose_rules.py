"""What purposes must be: codes, and in sources and routes codes that there are.

Pure. Knows nothing of files or positions.
"""

import re
from collections.abc import Iterator
from typing import Final

from rokuon.config.config_problems import ConfigProblem
from rokuon.config.positions import KeyPath
from rokuon.config.rules import misfit
from rokuon.config.schema import Config
from rokuon.messages.i18n import tr

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def purpose_problems(config: Config) -> Iterator[ConfigProblem]:
    """Everything wrong with codes of purposes and with whoever names them."""
    for index, code in enumerate(config.access.purposes):
        if not _CODE.fullmatch(code):
            yield misfit(
                ("access", "purposes", index),
                tr("this is no code of a purpose"),
                tr('small letters, digits and _: "legal_duty"'),
            )
    for index, source in enumerate(config.source):
        yield from _unknown(config, source.purpose, ("source", index, "purpose"))
    for index, route in enumerate(config.route):
        yield from _unknown(config, route.purpose, ("route", index, "purpose"))


def _unknown(config: Config, purposes: tuple[str, ...], path: KeyPath) -> Iterator[ConfigProblem]:
    for index, code in enumerate(purposes):
        if code not in config.access.purposes:
            yield misfit(
                (*path, index),
                tr("there is no such purpose"),
                tr("one of: {names}; others are added to access.purposes").format(
                    names=", ".join(config.access.purposes)
                ),
            )
