"""Ledger pages are no recordings: tables of their own, which take over what was one of them.

What is known of each call stays as it was written; the keeper makes it anew from the event
(`ledger_page.derived` is 0). Knows nothing of `tables.py`.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LEDGER: Final = "ledger"
_REFUSED: Final = "call_refused"
_TOLD: Final = ("source", "peer", "call_id", "from_value", "to_value", "reason", "detail")
_OF_A_PART: Final = (
    "tenant, part, generation, node, key_id, path, map_path, size_bytes, sha256, segments,"
    " created_us, first_us, last_us, end_reason, is_last"
)
# What hangs on a recording by its row; of a page there are parts and events.
_OF_A_RECORDING: Final = (
    "part", "event", "leg_name", "leg_stream", "leg_address", "leg", "call_id", "mark", "tolerance",
)  # fmt: skip
# By which SQLite looks whether anything still points to a row that goes; else it reads the table.
_POINTING: Final = (
    ("part", "recording"), ("event", "recording"), ("leg", "recording"),
    ("recording", "conversation"),
)  # fmt: skip


def _table(name: str, *columns: sa.Column[Any] | sa.UniqueConstraint) -> sa.Table:
    return op.create_table(
        name,
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{name}_tenant"),
        sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _columns(names: tuple[str, ...], kind: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _new_pages() -> None:
    _table(
        "ledger_page",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        *_columns(("part", "generation"), sa.Integer),
        *_columns(("node", "key_id"), sa.LargeBinary(16)),
        *_columns(("path", "map_path"), sa.Text),
        *_columns(("size_bytes",), sa.BigInteger),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        *_columns(("segments", "created_us", "first_us", "last_us"), sa.BigInteger),
        sa.Column("end_reason", sa.Text, nullable=False),
        sa.Column("is_last", sa.SmallInteger, nullable=False),
        sa.Column("derived", sa.Integer, nullable=False),
        _unique("ledger_page", "tenant", "id", "part", "generation"),
    )
    _index("ledger_page", "tenant", "derived")


def _new_calls() -> sa.Table:
    op.execute("CREATE TABLE former_call AS SELECT * FROM refused_call")
    op.drop_table("refused_call")
    op.create_index("ix_former_call", "former_call", ["recording"])
    return _table(
        "refused_call",
        sa.Column("page", sa.LargeBinary(16), nullable=False),
        *_columns(("serial", "started_us"), sa.BigInteger),
        *_columns(("source", "peer", "call_id", "from_value", "to_value"), sa.Text),
        sa.Column("status", sa.Integer, nullable=False),
        *_columns(("reason", "detail"), sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        _unique("refused_call", "tenant", "page", "serial"),
    )


def _take_over(calls: sa.Table) -> None:
    """Every page with its parts and calls; then what it was as a recording goes."""
    connection = op.get_bind()
    op.execute(
        f"INSERT INTO ledger_page ({_OF_A_PART}, id, derived)"  # noqa: S608  # our own names
        f" SELECT {', '.join('part.' + name for name in _OF_A_PART.split(', '))},"
        " recording.id, 0 FROM recording JOIN part ON part.recording = recording.row"
        " AND part.tenant = recording.tenant WHERE recording.mode = 'ledger' ORDER BY part.row"
    )
    pages = sa.text("SELECT row, tenant, id, conversation FROM recording WHERE mode = 'ledger'")
    for page in connection.execute(pages).all():
        told = list(_calls_of(connection, page))
        if told:
            connection.execute(sa.insert(calls), told)
        _remove(connection, page)


def _calls_of(connection: sa.Connection, page: sa.Row[Any]) -> Iterator[dict[str, object]]:
    """Each call as its row said, with the event of which that was made, in the same order."""
    of_it = {"tenant": page.tenant, "recording": page.row}
    events = connection.execute(
        sa.text(
            "SELECT serial, body FROM event"
            " WHERE tenant = :tenant AND recording = :recording ORDER BY serial"
        ),
        of_it,
    ).all()
    rows = connection.execute(
        sa.text(
            "SELECT * FROM former_call"
            " WHERE tenant = :tenant AND recording = :recording ORDER BY row"
        ),
        of_it,
    ).all()
    refused = [event for event in events if json.loads(event.body)["type"] == _REFUSED]
    for event, row in zip(refused, rows, strict=True):
        yield {
            **{name: row._mapping[name] for name in (*_TOLD, "started_us", "status")},
            "tenant": page.tenant,
            "page": page.id,
            "serial": event.serial,
            "body": event.body,
        }


def _remove(connection: sa.Connection, page: sa.Row[Any]) -> None:
    of_it = {"tenant": page.tenant, "row": page.row, "conversation": page.conversation}
    for table in _OF_A_RECORDING:
        gone = f"DELETE FROM {table} WHERE tenant = :tenant AND recording = :row"  # noqa: S608
        connection.execute(sa.text(gone), of_it)
    connection.execute(sa.text("DELETE FROM recording WHERE row = :row"), of_it)
    for column in ("merged_into", "row"):
        connection.execute(
            sa.text(
                f"DELETE FROM conversation WHERE tenant = :tenant AND {column} = :conversation"  # noqa: S608
                " AND NOT EXISTS (SELECT 1 FROM recording WHERE recording.tenant = :tenant"
                " AND recording.conversation = :conversation)"
            ),
            of_it,
        )


def upgrade() -> None:
    """Make the tables, move pages into them, and count each recording's packets."""
    op.add_column(
        "recording",
        sa.Column("packets", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    )
    _new_pages()
    calls = _new_calls()
    for table, column in _POINTING:
        op.create_index(f"ix_for_0012_{table}", table, [column])
    _take_over(calls)
    for table, _ in _POINTING:
        op.drop_index(f"ix_for_0012_{table}", table)
    op.drop_table("former_call")
    _index("refused_call", "tenant", "started_us", "page", "serial")
    _index("refused_call", "tenant", "call_id", "started_us")
    op.execute(
        "UPDATE recording SET packets = (SELECT coalesce(sum(part.packets), 0) FROM part"
        " WHERE part.tenant = recording.tenant AND part.recording = recording.row)"
    )
