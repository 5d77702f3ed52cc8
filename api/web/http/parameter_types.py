"""What many routes take in their paths, queries and bodies: numbers of rows, names, places.

Knows no route.
"""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field, StrictStr

from api.access.use_case import MAX_PLACE, MAX_ROW
from archive.catalog.accounts.persons import NAME_PATTERN

Row = Annotated[int, Path(ge=1, le=MAX_ROW)]
NameText = Annotated[str, Path(pattern=f"^{NAME_PATTERN}$", description="The name of a user")]
Name = Annotated[StrictStr, Field(pattern=f"^{NAME_PATTERN}$", examples=["tanaka"])]
PurposeText = Annotated[StrictStr, Field(max_length=80, examples=["quality"])]
EntryBehind = Annotated[
    int, Query(ge=0, le=MAX_PLACE, description="Place of the last entry before")
]
IdBehind = Annotated[str, Query(pattern="^([0-9a-f]{32})?$")]
