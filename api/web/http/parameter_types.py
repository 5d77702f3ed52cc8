"""What many routes take in their paths, queries and bodies: numbers of rows, names, places.

Knows no route.
"""

from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import Field, StrictStr

from archive.catalog.accounts.persons import NAME_PATTERN

_MAX_ROW: Final = 2**53

Row = Annotated[int, Path(ge=1, le=_MAX_ROW)]
NameText = Annotated[str, Path(pattern=f"^{NAME_PATTERN}$", description="The name of a user")]
Name = Annotated[StrictStr, Field(pattern=f"^{NAME_PATTERN}$", examples=["tanaka"])]
PurposeText = Annotated[StrictStr, Field(max_length=80, examples=["quality"])]
EntryBehind = Annotated[
    int, Query(ge=0, le=(1 << 62), description="Place of the last entry before")
]
IdBehind = Annotated[str, Query(pattern="^([0-9a-f]{32})?$")]
