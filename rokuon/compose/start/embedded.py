"""Everything on one machine: all parts under one supervisor, as one user, in one data folder.

Knows the order of the first start, nothing of what a part does.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.disk.files import LocalDisk, publish
from archive.keys.daemon.assembly import KeysConfig
from archive.keys.store.key_service import create_passphrase
from archive.keys.store.nodes import NodeKeys
from archive.rounds import Rounds
from rokuon.compose.archive.key_daemon import keys_config
from rokuon.compose.capture.node_identity import (
    OWNER_ONLY_FOLDER,
    NodeIdentity,
    make_capture_folders,
    publish_identity,
)
from rokuon.compose.processes.instances import CHILDREN_END_S, locks_of_parts
from rokuon.compose.processes.lock import former_ends, only_one
from rokuon.compose.processes.part_plan import PartPlan, part_command
from rokuon.compose.processes.supervisor import START_ORDER, Supervisor
from rokuon.compose.start.welcome import Greeting, say_stopped
from rokuon.config.schema import Config
from rokuon.machine.notify import READY, STOPPING, tell
from rokuon.messages.choices import FirstStart
from rokuon.messages.error_words import words_of
from rokuon.messages.errors import failures_of_parts
from rokuon.messages.i18n import tr

# Capture starts parts of its own, one after the other, and gives each as long as the others have.
START_S = {"keys": 60.0, "capture": 300.0, "keeper": 60.0, "retention": 60.0, "api": 60.0}
# A new list is a turn of the epoch: capture may seal to the former key for much longer.
LIST_S = 10.0
# Who is welcomed sits at this machine.
LOCAL_BROWSER = "--local-browser"
# Capture may have to seal what is under way, the keeper to adopt it, a batch to be finished.
GRACE_S = {"keys": 10.0, "capture": 20.0, "keeper": 20.0, "retention": 15.0, "api": 10.0}

log = structlog.get_logger("rokuon")


def plans(
    arguments: tuple[str, ...], first: FirstStart = FirstStart.NOTHING
) -> tuple[PartPlan, ...]:
    """How each part is run, in the order of their start."""
    more = {"api": (LOCAL_BROWSER,)} if first is FirstStart.WELCOME else {}
    return tuple(
        PartPlan(
            name=name,
            command=(*part_command(name, arguments), *more.get(name, ())),
            start_s=START_S[name],
            grace_s=GRACE_S[name],
        )
        for name in START_ORDER
    )


def serve_all(
    config: Config, arguments: tuple[str, ...], shown: tuple[str, ...], first: FirstStart
) -> None:
    """Run until SIGTERM or Ctrl-C; `arguments` are for the parts, `shown` for who types commands.

    Raises `AlreadyRunning` where it or one of the parts runs, `PartFailed` where one cannot start.
    """
    with only_one(config.node.data, "serve"), failures_of_parts():
        prepare(config, keys_config(config))
        supervisor = Supervisor(plans(arguments, first), os.environ)
        asyncio.run(_run(supervisor, config, Greeting(config, shown, first)))
    say_stopped()


async def _run(supervisor: Supervisor, config: Config, greeting: Greeting) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for what in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(what, stop.set)
    await former_ends(locks_of_parts(config), stop, CHILDREN_END_S)
    supervisor.pass_on_hangup("capture")
    on_ready: dict[str, Callable[[], None]] = {
        "keys": lambda: hand_over(config),
        "keeper": lambda: greet_if_there(greeting.know_first_person),
        "api": lambda: tell(READY, os.environ),
    }
    async with asyncio.TaskGroup() as group:
        running = group.create_task(supervisor.run(stop, on_ready=on_ready), name="supervisor")
        group.create_task(_greet(supervisor, stop, greeting.say_hello), name="welcome")
        group.create_task(_hand_over_again(config, stop), name="intake list")
        await running
        stop.set()
    tell(STOPPING, os.environ)


async def _hand_over_again(config: Config, stop: asyncio.Event) -> None:
    """Whenever the key daemon publishes another list, capture gets it; it looks by itself."""
    async for _ in Rounds(stop, LIST_S, first_s=LIST_S):
        await asyncio.to_thread(hand_over, config)


def hand_over(config: Config) -> None:
    """Give capture the key daemon's list where it has another; where that fails, it keeps its own.

    A list that it has is good for as long as its keys are (`keys.keep_epochs`), a full disk no
    reason to end its calls.
    """
    keys = keys_config(config)
    try:
        published = (keys.signing_public, keys.intake_list)
        if any(differ(file, config.capture_path) for file in published):
            hand_over_lists(config, keys)
    except OSError as failed:
        log.error("capture keeps its list of intake keys", reason=failed.strerror)


def differ(file: Path, folder: Path) -> bool:
    """Whether capture's folder lacks what the key daemon has published; raises `OSError`."""
    copy = folder / file.name
    if not file.exists():
        return False
    return not copy.exists() or file.read_bytes() != copy.read_bytes()


async def _greet(supervisor: Supervisor, stop: asyncio.Event, greet: Callable[[], None]) -> None:
    """Say hello when every part is up; an end before that needs no greeting."""
    if await supervisor.all_ready(stop):
        await asyncio.to_thread(greet_if_there, greet)
        sys.stdout.flush()


def greet_if_there(greet: Callable[[], None]) -> None:
    """Whom nobody can greet now (no catalog, no room on a disk) is greeted at the next start."""
    try:
        greet()
    except (OSError, SQLAlchemyError) as failed:
        with suppress(OSError):
            print(tr("error: {text}").format(text=words_of(failed)), file=sys.stderr)


def make_folders(config: Config) -> None:
    """Create what is missing of the data folders, each for its owner alone."""
    make_capture_folders(config)
    for folder in (
        config.node.data,
        config.catalog_path,
        config.archive.path,
        config.pages.path,
        config.keys.path,
        config.keys.path / "nodes",
    ):
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)


def prepare(config: Config, keys: KeysConfig) -> NodeIdentity:
    """Everything that must exist before the key daemon starts. Embedded mode only.

    Raises `KeystoreMissing` before anything is made where the keystore's disk is not mounted.
    """
    keys.former.refuse_another()
    make_folders(config)
    # A passphrase that is missing beside a keystore is a loss to be named, not to be covered up.
    if not (keys.keystore.exists() or keys.passphrase_file.exists()):
        create_passphrase(keys.passphrase_file)
    identity = publish_identity(config.capture_path)
    NodeKeys(keys.nodes).register(identity.node, identity.public)
    return identity


def hand_over_lists(config: Config, keys: KeysConfig) -> None:
    """Copy the signed list of intake keys, and the key it verifies with, to capture's folder."""
    for file in (keys.signing_public, keys.intake_list):
        publish(LocalDisk(), config.capture_path / file.name, [file.read_bytes()])
