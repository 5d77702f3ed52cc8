"""Columns made from a catalog: the CPU of a call, and how well that goes on SQLite.

`python -m bench.locating.building CATALOG`: of a file that `python -m eval load` made. Every month
is read, put into rows and coded as a file has them, three times; the best of these is told.
"""

import argparse
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import func, select

from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.locating.source_rows import month_rows, months_with_calls
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.locate.columns.rows import encode_rows

_TIMES = 3


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(prog="python -m bench.locating.building", description=__doc__)
    parser.add_argument("catalog", type=Path)
    engine, taken = open_engine(catalog_url(parser.parse_args().catalog)), []
    with reading(engine) as connection:
        calls = connection.scalar(select(func.count()).select_from(recording)) or 1
        tenant = tenant_row(connection, DEFAULT_TENANT)
        for _ in range(_TIMES):
            began, began_cpu, rows = perf_counter(), process_time(), 0
            for month in months_with_calls(connection, tenant):
                made = encode_rows(month_rows(connection, tenant, month), month)
                rows += len(made.columns["start"])
            taken.append((process_time() - began_cpu, perf_counter() - began))
    cpu_s, wall_s = min(taken)
    per_call = (f"{each / calls * 1e6:.1f} µs" for each in (cpu_s, wall_s))
    print(f"{calls} calls, {rows} rows; of a call CPU {' and wall '.join(per_call)}")


if __name__ == "__main__":
    main()
