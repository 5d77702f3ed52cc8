"""What tests of work share."""

from archive.keys.daemon.work import KeystoreWork, Orders, SetOrder
from archive.keys.epochs.assurance import TurnPlan
from archive.keys.epochs.epochs import EpochState, epochs
from archive.keys.epochs.keystore_sets import KeystoreSets
from archive.keys.epochs.slack_order import SlackOrder
from archive.keys.gate.rollback import RollbackGate
from archive.keys.gate.tally import TallyFile
from tests.archive.keys.turning import Turning


def work_of(turning: Turning, every_us: int = 0) -> KeystoreWork:
    sets = KeystoreSets(
        database=turning.folder / "keystore.db",
        folder=turning.folder / "sets",
        service=turning.service,
    )
    return KeystoreWork(
        opened=turning.opened,
        turn=turning.turn,
        end=turning.end,
        orders=Orders(SetOrder(turning.opened, sets), SlackOrder(turning.opened)),
        gate=RollbackGate(
            turning.opened.connection, TallyFile(turning.folder / "epochs", turning.service)
        ),
        plan=TurnPlan(every_us=every_us, keep=turning.keep),
    )


def in_force(turning: Turning) -> int:
    known = epochs(turning.opened.connection)
    return next(each.number for each in known if each.state is EpochState.CURRENT)
