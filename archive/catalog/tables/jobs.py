"""The table of jobs: of the register, so that a rebuild of the index ends none.

Knows nothing of what a job does.
"""

from sqlalchemy import BigInteger, Column, Index, Table, Text, text

from archive.catalog.tables.columns import catalog, of_tenant, own_row, required

_RUNNING = text("state = 'running'")

job = Table(
    "job",
    catalog,
    own_row(),
    of_tenant(),
    required("kind", Text),
    # JSON, as are history and result.
    required("arguments", Text),
    required("author", Text),
    required("ordered_us", BigInteger),
    required("state", Text),
    required("due_us", BigInteger),
    # NULL where nobody has it.
    Column("holder", Text),
    Column("begun_us", BigInteger),
    Column("until_us", BigInteger),
    Column("beaten_us", BigInteger),
    required("done", BigInteger),
    required("total", BigInteger),
    required("history", Text),
    Column("cancel_us", BigInteger),
    Column("result", Text),
    Index(None, "tenant", "kind", "state"),
    # Of each kind one is running; whoever claims a second is refused.
    Index(
        "uq_job_tenant_kind_running",
        "tenant",
        "kind",
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    # A number is never given twice, also where the last one has gone.
    sqlite_autoincrement=True,
)
