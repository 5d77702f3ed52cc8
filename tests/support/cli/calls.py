"""What tests of calls share."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rokuon.compose.archive.catalog import prepare_catalog
from rokuon.config.load import parse
from tests.archive.catalog.examples import adopt, adoption, inbound
from tests.archive.reading.scenes import START_US
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, put_catalog

# The day of the installation's call.
DAY = datetime.fromtimestamp(START_US / 1e6, ZoneInfo("Asia/Tokyo")).date().isoformat()


WINDOW = ("--from", DAY, "--to", DAY, "--zone", "Asia/Tokyo")


def found(site: Installation, *more: str) -> list[dict[str, object]]:
    """What is found, as a program sees it."""
    result = run_at(site, "calls", "find", *WINDOW, *more, "-o", "json")
    rows: list[dict[str, object]] = json.loads(result.stdout)
    return rows


def several(folder: Path, site: Installation, count: int) -> Installation:
    """The same installation with a catalog of its own, of so many calls a second apart.

    Its seals are its own too: they are of one catalog.
    """
    data = folder / "var"
    data.mkdir()
    for each in site.config.node.data.iterdir():
        if each.name not in ("api", "catalog"):
            (data / each.name).symlink_to(each)
    text = f'[node]\ndata = "{data}"\n[http]\nsocket = "{folder}/a.sock"\n'
    config = parse(text, name="-", base=folder)
    (folder / "rokuon.toml").write_text(text)
    put_catalog(config)
    told = [inbound(START_US + n * 1_000_000) for n in range(count)]
    adopt(prepare_catalog(config), *(adoption(n, each) for n, each in enumerate(told)))
    return replace(site, folder=folder, config=config)
