"""Somebody before the pages of a house: goes somewhere, sends forms, also as they must not be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api.web.pages.cookies import SESSION
from archive.catalog.accounts.persons import user_named
from archive.catalog.accounts.sessions import Stage, begin_session, note_shown, state_purpose
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.web.pages.real import LIFETIME
from tests.archive.catalog.examples import NOW_US, author
from tests.pages.server import Served

# By its own fields alone: what its browser would refuse is sent all the same.
_SEND: Final = """([action, fields]) => {
  const form = document.querySelector(`form[action="${action}"]`);
  for (const [name, value] of Object.entries(fields)) form.elements.namedItem(name).value = value;
  form.submit();
}"""


@dataclass
class Visitor:
    """A browser, and in which house it is."""

    house: Served
    page: Any
    own: str

    def go(self, path: str) -> None:
        """Open an address, until the page is quiet."""
        self.page.goto(self.house.base + path)
        self.page.wait_for_load_state("networkidle" if "/live" not in path else "load")

    def send(self, at: str, action: str, **fields: str) -> None:
        """Open a page and send a form of it."""
        self.go(at)
        with self.page.expect_navigation():
            self.page.evaluate(_SEND, [action, fields])
        self.page.wait_for_load_state("networkidle" if "/live" not in at else "load")

    def hold(self, name: str, stage: Stage = "full", purpose: str = "technical") -> None:
        """Hold a session of somebody, at a stage."""
        with writing(self.house.engine) as connection:
            user = user_named(connection, DEFAULT_TENANT, name)
            row, secret = begin_session(connection, author(user=user.row), user, stage, LIFETIME)
            note_shown(connection, row, NOW_US)
            state_purpose(connection, row, purpose)
        cookie = {"name": SESSION, "value": secret, "url": self.house.base}
        self.page.context.add_cookies([cookie])

    def come_in(self) -> None:
        """Hold a session of who may do everything here, at the time of the house."""
        self.page.clock.set_fixed_time(datetime.fromtimestamp(NOW_US / 1_000_000, UTC))
        self.hold(self.own)


Go = Callable[[Visitor], None]
