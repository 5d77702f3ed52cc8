"""What legs are called: each set of names once, with the words that it is found by.

A set that no leg is called by goes with the last one that was: it may be all that was known of
somebody. Knows nothing of legs but that they point to sets.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from archive.catalog.tables.catalog import leg_naming, naming, naming_word
from archive.catalog.tables.columns import DIGEST
from archive.catalog.tables.derived_forms import FORM
from archive.catalog.tables.stored_text import fit_text
from archive.folded_names import findable

# Texts with their languages, in their order.
Names = tuple[tuple[str, str], ...]
_NAMES: Final = msgspec.json.Decoder(Names)
# Asked for each leg that comes.
_KNOWN: Final = select(naming.c.row).where(
    naming.c.tenant == bindparam("own_tenant"),
    naming.c.digest == bindparam("own_digest", type_=DIGEST),
)
_OF_RECORDING: Final = (
    select(leg_naming.c.naming)
    .distinct()
    .where(
        leg_naming.c.tenant == bindparam("own_tenant"),
        leg_naming.c.recording == bindparam("own_row"),
    )
)


def naming_row(connection: Connection, tenant: int, names: Names) -> int | None:
    """The row of a set of names; None where none of them has a word that it could be found by."""
    fit = tuple((fit_text(text), fit_text(language)) for text, language in names)
    content = msgspec.json.encode(fit)
    # Other rules find other words: then it is another set.
    digest = hashlib.sha256(b"%d %b" % (FORM, content)).digest()
    known = connection.scalar(_KNOWN, {"own_tenant": tenant, "own_digest": digest})
    if known is not None:
        return int(known)
    words = sorted({word for text, _ in names for word in findable(text)})
    if not words:
        return None
    new = insert(naming).values(tenant=tenant, digest=digest, content=content.decode())
    row = int(connection.execute(new.returning(naming.c.row)).scalar_one())
    of_it = {"tenant": tenant, "naming": row}
    connection.execute(insert(naming_word), [of_it | {"folded": word} for word in words])
    return row


def names_in(content: str) -> Names:
    return _NAMES.decode(content)


def namings_of(connection: Connection, tenant: int, row: int) -> Sequence[int]:
    """The sets that legs of this row of `recording` are called by."""
    return connection.scalars(_OF_RECORDING, {"own_tenant": tenant, "own_row": row}).all()


def let_unused_go(connection: Connection, tenant: int, rows: Collection[int]) -> None:
    """Take away those of these sets that no leg is called by any more."""
    for row in rows:
        used = select(leg_naming.c.row).where(
            leg_naming.c.tenant == tenant, leg_naming.c.naming == row
        )
        if connection.scalar(used.limit(1)) is None:
            for table, own in ((naming_word, naming_word.c.naming), (naming, naming.c.row)):
                connection.execute(delete(table).where(table.c.tenant == tenant, own == row))


def doubt_namings(connection: Connection, tenant: int, row: int) -> None:
    """Have the sets of a recording made anew when its rows are: somebody may have changed them."""
    for each in namings_of(connection, tenant, row):
        nobodys = each.to_bytes(32, "big")
        connection.execute(update(naming).where(naming.c.row == each).values(digest=nobodys))
