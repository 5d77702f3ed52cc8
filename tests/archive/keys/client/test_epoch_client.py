"""Questions about epochs, over a real socket."""

import asyncio
import secrets
from pathlib import Path

from archive.backup.sealed import SetKind, SetLead
from archive.ids import IntakeKeyId, PartName, RecordingId
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from tests.support.keys.daemon import a_config, served


async def test_everything_can_be_asked_over_the_sockets(tmp_path: Path) -> None:
    """The turn is done by the daemon itself, while it answers how far it is."""
    config = a_config(tmp_path)
    keeper = EpochClient(KeyClient(config.keeper_socket))
    api = EpochClient(KeyClient(config.api_socket))

    def ask_all() -> None:
        assert api.turn() == 1
        while api.epochs().epochs[0].state != "current" or api.epochs().turn is not None:
            pass
        keeper.report_spool([(IntakeKeyId(secrets.token_bytes(16)), 3)])
        nobody = PartName(RecordingId(bytes(16)), 0)
        assert keeper.backed_up([nobody] * 300) == (False,) * 300
        epoch, key = api.wrap_set_key(5, 7)
        lead = SetLead(kind=SetKind.CATALOG, epoch=epoch, made_us=5, size=7)
        assert api.open_set_key(lead, key.wrapped) == key.opened
        assert api.back_up_keystore() == 2

    async with served(config):
        await asyncio.to_thread(ask_all)
