"""What tests of kept facts share."""

from archive.catalog.register.kept_facts import SealedFacts
from archive.ids import DEFAULT_TENANT, KeyId
from archive.lifecycle.kept_facts import FactsName
from tests.archive.catalog.examples import recording_id

OWN, OTHER = recording_id(1), recording_id(2)


FIRST = SealedFacts(
    name=FactsName(DEFAULT_TENANT, OWN, KeyId(b"k" * 16)), kept_us=1, until_us=None, sealed=b"a"
)
