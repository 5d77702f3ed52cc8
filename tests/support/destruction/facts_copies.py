"""What tests of facts copies share."""

from archive.catalog.register.kept_facts import SealedFacts
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.keys.wire.protocol import AskerRole
from archive.lifecycle.kept_facts import KeptFacts, open_facts
from archive.lifecycle.tombstone import facts_id
from tests.api.destruction.scene import Installation
from tests.archive.keys.entries import open_ask


def opened(it: Installation, copy: SealedFacts) -> KeptFacts:
    """As a rebuild opens a copy: by the key that the API's socket gives."""
    ask = open_ask(copy.name.key, facts_id(copy.name.recording), it.keeper.scene.now_us)
    answer = it.keeper.scene.daemon.answer(AskerRole.API, ask)
    assert isinstance(answer, DataKeyAnswer), answer
    return open_facts(copy.sealed, copy.name, answer.data_key)
