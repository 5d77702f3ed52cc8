"""The built style and scripts: their names, which change with their content, and how they are sent.

Knows nothing of pages. What is sent lies beside this code, as `make islands` made it.
"""

import json
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import Response

FOLDER: Final = Path(__file__).parent.parent / "static"
AT: Final = "/assets"
# A year: another content has another name.
FOREVER: Final = "public, max-age=31536000, immutable"
_NAME: Final = r"^[A-Za-z0-9_-]+(\.[0-9a-f]{16})?\.[a-z]+$"

router = APIRouter(include_in_schema=False)


@cache
def manifest() -> Mapping[str, str]:
    """What each asset is called now, by the name that a page knows."""
    found: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text())
    return found


def address(name: str) -> str:
    """Where a page gets an asset; raises `KeyError` for one that nobody has built."""
    return f"{AT}/{manifest()[name]}"


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@router.get(AT + "/{name}")
async def asset(name: Annotated[str, InPath(pattern=_NAME, max_length=100)]) -> Response:
    """Style, a script, a picture."""
    if name not in manifest().values():
        raise HTTPException(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(_content(name), media_type=kind, headers={"Cache-Control": FOREVER})
