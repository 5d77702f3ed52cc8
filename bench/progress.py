"""How far a long measurement is: a bar on a terminal, a line a step elsewhere.

Knows nothing of the steps but their names. Writes to standard error only.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# The name of the step that begins now.
Step = Callable[[str], None]


@contextmanager
def steps(total: int) -> Iterator[Step]:
    """Hand out what is called at the beginning of each of `total` steps."""
    console = Console(file=sys.stderr)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    begun = 0
    with Progress(
        *columns, console=console, disable=not console.is_terminal, redirect_stdout=False
    ) as bar:
        task = bar.add_task("", total=total)

        def begin(name: str) -> None:
            nonlocal begun
            begun += 1
            bar.update(task, completed=begun - 1, description=name)
            if not console.is_terminal:
                console.print(f"{begun}/{total} {name}", highlight=False)

        yield begin
        bar.update(task, completed=total)
