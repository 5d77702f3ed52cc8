"""Names as catalogs had them before sets of names: a row for each side and word."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, delete, insert, select

from archive.catalog.tables.catalog import leg_name, leg_naming, naming, naming_word
from archive.folded_names import findable

Row = dict[str, object]


def rows_before(legs: list[Row], contents: dict[int, str]) -> Iterator[Row]:
    """The rows of before for what `leg_naming` says now; `contents` are those of `naming`."""
    for each in legs:
        naming_of = each["naming"]
        assert isinstance(naming_of, int)
        own = {name: value for name, value in each.items() if name not in {"row", "naming"}}
        for text, language in msgspec.json.decode(contents[naming_of]):
            for word in sorted(findable(text)):
                yield {**own, "text": text, "language": language, "folded": word}


def names_of_before(connection: Connection) -> None:
    """Make the names of a catalog such of before."""
    legs = [dict(each) for each in connection.execute(select(leg_naming)).mappings()]
    contents = {
        each.row: each.content
        for each in connection.execute(select(naming.c.row, naming.c.content))
    }
    connection.execute(insert(leg_name), [*rows_before(legs, contents)])
    for table in (leg_naming, naming_word, naming):
        connection.execute(delete(table))
