"""People who use Rokuon by its pages alone: by names, labels and buttons, in a real browser."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyotp

from bench.server import Running, start_rokuon
from tests.crash.whole import own_rtp_ports

PASSWORD = "{name} likes long sentences"  # noqa: S105  # of people of a test
# A step of time is used once: the next sign-in of the same app waits for the next one.
STEP_S = 30
# What was recorded is found within seconds; a busy machine takes longer.
MOST_LOOKS, LOOK_EVERY_MS = 120, 500
CALLS = 20


@contextmanager
def house(folder: Path, settings: str = "") -> Iterator[Running]:
    """A recorder whose first user is still to come; `settings` are further ones of `[http]`.

    It is started in another thread: in this one runs the loop that the browser is driven by.
    """
    with ThreadPoolExecutor(1) as beside:
        start = partial(start_rokuon, max_calls=CALLS, rtp_ports=own_rtp_ports())
        running = beside.submit(
            start, folder, first=(), more=f"local_browser = true\n{settings}"
        ).result()
    try:
        yield running
    finally:
        running.stop()


@dataclass
class Person:
    """Somebody with a browser; `said` is what the browser complained of."""

    name: str
    base: str
    page: Any
    app: pyotp.TOTP | None = None
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.said.append(text)

    def go(self, path: str) -> Any:
        """Open an address; when this returns the page is quiet."""
        response = self.page.goto(self.base + path)
        self.page.wait_for_load_state("load")
        return response

    def go_until(self, path: str, there: Any) -> None:
        """Open an address again and again until something is there; at most so often."""
        for _ in range(MOST_LOOKS):
            self.go(path)
            if there.count():
                return
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        raise AssertionError(f"{path} never had it")

    def enrol(self, code: str, name: str = "") -> None:
        """Use a sign-in code up, choose a password, add an app."""
        self.go("/welcome")
        self.page.get_by_label("Sign-in code").fill(code)
        self.page.get_by_role("button", name="Continue").click()
        if name:
            self.page.get_by_label("Name").fill(name)
        self.page.get_by_role("button", name="Continue").click()
        password = PASSWORD.format(name=self.name)
        self.page.get_by_label("New password").fill(password)
        self.page.get_by_label("Repeat it").fill(password)
        self.page.get_by_role("button", name="Set the password").click()
        self.app = pyotp.TOTP(self.page.locator(".secret").inner_text())
        self.page.get_by_label("Six digits").fill(self.app.now())
        self.page.get_by_role("button", name="Done").click()
        self.page.get_by_text("Acting as").wait_for()

    def sign_in(self) -> None:
        """Sign in by password and app."""
        assert self.app is not None
        self.go("/sign-in")
        self.page.get_by_label("Name").fill(self.name)
        self.page.get_by_label("Password").fill(PASSWORD.format(name=self.name))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_label("Six digits").fill(self.next_one_time())
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_text("Acting as").wait_for()

    def next_one_time(self) -> str:
        """What the app shows in the next step of time, which is taken already."""
        assert self.app is not None
        return str(self.app.at(datetime.now(UTC) + timedelta(seconds=STEP_S)))

    def state_purpose(self, purpose: str) -> None:
        """Act for a purpose."""
        self.page.get_by_label("Purpose").select_option(label=purpose)
        self.page.get_by_role("button", name="Set").click()


@dataclass
class Town:
    """All the people of one installation."""

    running: Running
    data: Path
    chromium: Any
    contexts: list[Any] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.running.http_port}"

    @contextmanager
    def opened(self) -> Iterator["Town"]:
        """With browsers that are closed afterwards."""
        try:
            yield self
        finally:
            for context in self.contexts:
                context.close()

    def context(self, **options: Any) -> Any:
        """A browser of somebody's own: size, language, colours as Playwright names them."""
        made = self.chromium.new_context(
            **{"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options}
        )
        self.contexts.append(made)
        return made

    def stranger(self, name: str = "nobody", **options: Any) -> Person:
        """Somebody who is not signed in."""
        return Person(name=name, base=self.base, page=self.context(**options).new_page())

    def first_administrator(self, name: str) -> Person:
        """The first one, with the code that lies where the server says."""
        address = (self.data / "first-code").read_text().strip()
        person = self.stranger(name)
        person.enrol(address.rpartition("=")[2], name)
        return person

    def another(self, by: Person, name: str, role: str) -> Person:
        """A person whom the administrator adds on the page of people; then by its own code."""
        by.go("/people")
        form = by.page.locator("form[action='/people']")
        form.get_by_label("Name").fill(name)
        form.get_by_label("Role", exact=True).select_option(value=role)
        form.get_by_label("Purpose").select_option(value="quality")
        form.get_by_role("button", name="Add, and make a sign-in code").click()
        code = by.page.locator(".secret").inner_text()
        person = self.stranger(name)
        person.enrol(code)
        return person

    def again(self, person: Person, **options: Any) -> Person:
        """The same person in the same session, before another browser."""
        state = person.page.context.storage_state()
        page = self.context(storage_state=state, **options).new_page()
        return Person(name=person.name, base=self.base, page=page, app=person.app)

    def command(self, *arguments: str) -> str:
        """What `rokuon` says. Raises `CalledProcessError`."""
        whole = [sys.executable, "-m", "rokuon", "--config", str(self.running.config), *arguments]
        return subprocess.run(whole, capture_output=True, text=True, check=True).stdout
