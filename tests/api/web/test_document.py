"""The committed documents of the interface are those of the code."""

import json
import re
import sys
from functools import cache, reduce
from pathlib import Path

import pytest

from api.web import document
from api.web.document import OPENAPI, PAGE, main
from tests import ROOT

# Each is made of all routes anew.
openapi, page = cache(document.openapi), cache(document.page)
DOCS = ROOT / "docs"


def test_the_committed_documents_are_current() -> None:
    """Clients are made from them; `python -m api.web.document docs` writes them anew."""
    assert (DOCS / OPENAPI).read_text("utf-8") == openapi()
    assert (DOCS / PAGE).read_text("utf-8") == page()


def test_one_command_writes_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that the page names."""
    monkeypatch.setattr(sys, "argv", ["document", str(tmp_path)])

    assert main() == 0
    assert (tmp_path / OPENAPI).read_text("utf-8") == openapi()
    assert (tmp_path / PAGE).read_text("utf-8") == page()


def test_each_route_is_a_line_with_its_scope_and_refusals() -> None:
    """Health alone needs nothing and writes nothing."""
    lines = page().splitlines()
    operations = [
        (method, path) for path, each in json.loads(openapi())["paths"].items() for method in each
    ]

    for method, path in operations:
        (line,) = (each for each in lines if each.startswith(f"| `{method.upper()} {path}` |"))
        assert line.endswith(" |")
    assert (
        "| `GET /api/v1/health` | 200 while the catalog answers, else 503; `stuck` parts, and the"
        " `alarms` that ring. | – | – | – | 422 503 |" in lines
    )


def test_refusals_are_one_schema_that_all_routes_refer_to() -> None:
    """A hundred copies of it are a document that nobody reads."""
    document = json.loads(openapi())

    assert document["components"]["schemas"]["Problem"]["required"][2] == "status"
    assert openapi().count('"pointer"') == 2


def test_every_reference_leads_to_something() -> None:
    """Clients are made from it; also those inside what a stream has."""
    document = json.loads(openapi())
    referred = re.findall(r'"\$ref": "#/([^"]+)"', openapi())

    assert len(referred) == openapi().count('"$ref"')
    for each in set(referred):
        reduce(lambda found, name: found[name], each.split("/"), document)


def test_no_schema_is_named_by_the_module_it_stands_in() -> None:
    """FastAPI names two classes of one name so; clients made from it would break at a move."""
    assert not [name for name in json.loads(openapi())["components"]["schemas"] if "__" in name]
