"""What an application needs, where a test says nothing of it: no key daemon, and nothing seen."""

from pathlib import Path

from api.health.seen import Seen
from api.operation.key_epochs import BackupGround
from api.services import DaemonClients, Services
from archive.certificates.folder import CertificateFolder
from archive.keys.guard.hold_client import NoKeyDaemon


class NobodyThere(NoKeyDaemon):
    """Whatever is asked of a key daemon, there is none."""

    open_plan = plan_text = seal_plan = end_plan = NoKeyDaemon._refuse
    clock_facts = confirm_clock = NoKeyDaemon._refuse
    epochs = turn = back_up_keystore = free_keystore = NoKeyDaemon._refuse


def services(**given: object) -> Services:
    """These, and what nobody is asked for."""
    nobody = NobodyThere()
    usual: dict[str, object] = {
        "backup": BackupGround(nobody, None, Path()),
        "certificates": CertificateFolder(Path()),
        "daemon": DaemonClients(nobody, nobody),
        "keys": nobody,
        "look": lambda: Seen(at_us=0),
        "keepers": {},
    }
    return Services(**(usual | given))  # type: ignore[arg-type]  # fields of Services
