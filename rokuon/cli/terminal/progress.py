"""A progress bar for long work, on a terminal only.

Knows nothing of the work.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[int, int], None]


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Hand out `step(done, total)`, which moves the bar; in a pipe it draws nothing."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield step
