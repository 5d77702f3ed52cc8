"""What a process of capture was started with, in place of the process, and in what order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from rokuon.config.load import parse
from rokuon.config.schema import Config
from tests.rokuon.installation import Installation


def configured(site: Installation, text: str) -> Config:
    """Another configuration of the same installation."""
    return parse(f'[node]\ndata = "{site.config.node.data}"\n{text}', name="-", base=Path("/"))


@dataclass
class Processes:
    """What each process was started with, in place of the process."""

    plans: list[Any] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def __call__(self, plan: Any, *_: object) -> Self:
        self.plans.append(plan)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.order.append("handed over")

    def serve(self, ready: Callable[[], None]) -> None:
        ready()

    def run(self, stopping: Callable[[], bool]) -> None:
        self.order.append(f"stopping {stopping()}")

    def ready(self) -> None:
        self.order.append("ready")

    @property
    def plan(self) -> Any:
        """What the process itself got; the holder's socket is asked first."""
        return self.plans[-1]
