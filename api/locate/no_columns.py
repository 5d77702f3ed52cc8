"""Columns of a tenant of whom this process keeps none: nothing, where it has no calls.

Knows nothing of what is asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from api.locate.column_keeper import Columns, ColumnsNotReady
from api.locate.reached_months import ReachedMonths
from archive.catalog.database.engine import reading
from archive.catalog.locating.source_rows import months_with_calls
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId


@dataclass(frozen=True, slots=True)
class NoColumns:
    """In the place of a keeper."""

    engine: Engine
    tenant: TenantId

    @contextmanager
    def current(self) -> Iterator[Columns]:
        """Raises `ColumnsNotReady` where the tenant has calls after all."""
        with reading(self.engine) as connection:
            months = months_with_calls(connection, tenant_row(connection, self.tenant))
        if months:
            raise ColumnsNotReady(0, len(months))
        yield Columns((), 0, ReachedMonths())
