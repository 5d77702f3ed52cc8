"""A condition that is said to hold for hardly any row, so that a database seeks by it first.

SQLite has to be told; PostgreSQL counts for itself. Knows nothing of what is asked.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

_ONE_IN_A_MILLION: Final[ColumnElement[float]] = literal_column("0.000001")


class likelihood(GenericFunction[Any]):  # noqa: N801  # the name is the function's in SQL
    """The condition itself; SQLite's `likelihood(X, Y)`."""

    inherit_cache = True


@compiles(likelihood, "postgresql")
def _condition(element: likelihood, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **options)


def rare(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return likelihood(condition, _ONE_IN_A_MILLION)
