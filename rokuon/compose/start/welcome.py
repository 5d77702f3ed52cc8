"""What a newcomer reads on the terminal: the address, who he is, a token once, what to type next.

Knows nothing of how calls are recorded or found.
"""

import os
import shlex
import shutil
import sys
from typing import Final
from zoneinfo import ZoneInfo

from archive.disk.files import LocalDisk, publish
from rokuon.compose.api.users import is_nobody_there, make_first_person, make_token
from rokuon.compose.archive.records import is_archive_empty
from rokuon.compose.selftest.own_target import is_own_source
from rokuon.compose.selftest.siprec_trial import run_selftest
from rokuon.compose.start.first_sign_in import first_address, origin_of
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.choices import FirstStart
from rokuon.messages.error_words import words_of
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr

FIRST_SERVICE: Final = "first"
FIRST_CALLS: Final = 2
TOKEN_FILE: Final = "first-token"  # noqa: S105  # a file's name
OWNER_ONLY: Final = 0o600


class Greeting:
    """What is said once all runs, and done for who starts it for the first time."""

    def __init__(self, config: Config, options: tuple[str, ...], first: FirstStart) -> None:
        self._config, self._options, self._first = config, options, first
        self._person = ""

    def know_first_person(self) -> None:
        """Make who starts it the first user, where it is to be so and there is none yet."""
        if self._first is not FirstStart.NOTHING:
            self._person = make_first_person(self._config)

    def say_hello(self) -> None:
        """Write the addresses; to a newcomer who he is, and on welcome a token and two calls.

        The commands that are shown have the options that this one was given.
        """
        config, command = self._config, shlex.join((_command(), *self._options))
        print(
            tr("Rokuon is running. SIP {sip} (UDP and TCP), API http://{http}").format(
                sip=f"{config.sip.bind}:{config.sip.port}",
                http=f"{config.http.bind}:{config.http.port}/api/v1",
            )
        )
        if self._person:
            _say_who(self._person, command)
        address = first_address(config, self._first)
        if self._first is FirstStart.WELCOME:
            if self._person:
                _first_token(config)
            _first_calls(config)
        _next_commands(config, command)
        # An address stands last, whatever was said before: the one to sign in by where it is shown.
        pages = tr("The pages: {address}").format(address=origin_of(config.http))
        last = (pages, address) if sys.stdout.isatty() else (address, pages)
        print("\n".join(filter(None, last)), flush=True)


def _say_who(person: str, command: str) -> None:
    told = tr("You are the first user, {name}, with every role; to take that away: {how}")
    print(told.format(name=person, how=f"{command} user disable {person}"))


def _first_token(config: Config) -> None:
    token = make_token(config, FIRST_SERVICE)
    if sys.stdout.isatty():
        print(tr("API token, shown once: {token}").format(token=token))
        return
    # What catches our standard output may be a log; there a token has no place.
    file = config.node.data / TOKEN_FILE
    publish(LocalDisk(), file, [token.encode() + b"\n"], OWNER_ONLY)
    print(tr("API token: in {file}, readable by you alone").format(file=file))


def _first_calls(config: Config) -> None:
    # A site that has named its sources seldom has this machine among them.
    if is_own_source(config) and is_archive_empty(config):
        print(tr("The archive is empty: two self-test calls are being recorded ..."), flush=True)
        try:
            run_selftest(config, FIRST_CALLS)
        except NotReady as failed:
            # Recording goes on for others; the self-test can be called again.
            print(tr("error: {text}").format(text=words_of(failed)))


def _next_commands(config: Config, command: str) -> None:
    zone = config.source[0].zone
    day = clock.now().astimezone(ZoneInfo(zone)).date().isoformat()
    if is_nobody_there(config):
        print(tr("Nobody may find a call yet. To try it alone: end this, and add --welcome"))
        print(tr("Stop with Ctrl-C."), flush=True)
        return
    print(tr("Next, in another terminal:"))
    print(f"  {command} calls find --from {day} --to {day} --zone {zone}")
    print(f"  {command} calls export CALL -O call.wav")
    print(tr("Stop with Ctrl-C."), flush=True)


def _command() -> str:
    """How the command is called from here: by its name where the shell finds it."""
    return "rokuon" if shutil.which("rokuon") else os.path.relpath(sys.argv[0])


def say_stopped() -> None:
    """Say that the end was an orderly one."""
    print(tr("Rokuon has stopped; nothing is running any more."))
