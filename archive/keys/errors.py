"""What can go wrong with keys, named.

Texts carry ids and paths of key files, never key material.
"""

from enum import StrEnum

from archive.errors import ArchiveError, KeyUnavailable


class PassphraseMissing(KeyUnavailable):
    """There is no passphrase file where one is configured."""


class PassphraseExposed(KeyUnavailable):
    """The passphrase file can be read by others than its owner (its mode must be 0600)."""


class PassphraseTooShort(KeyUnavailable):
    """The passphrase file holds less than the least length."""


class EpochKeyMissing(KeyUnavailable):
    """The key service does not have the key of this epoch (never made here, or destroyed)."""


class EpochKeyWrong(KeyUnavailable):
    """The epoch key does not open what was wrapped under it: another passphrase or keystore."""


class EpochKeyNotGone(KeyUnavailable):
    """The key of an epoch that was to be destroyed, or a copy of it, is still there."""


class WrapDamaged(KeyUnavailable):
    """A wrapped key in the keystore does not open under the key that should open it."""


class KeystoreExchanged(KeyUnavailable):
    """At the keystore's path lies another file than the one that is open, or its sockets do."""


class TurnStopped(KeyUnavailable):
    """A turn of the epoch cannot go on: a living key would be lost."""


class KeystoreNewer(ArchiveError):
    """The keystore was written by a later version of this program."""


class KeystoreTooOld(ArchiveError):
    """The keystore was made before the first release of this program."""


class NodeUnknown(KeyUnavailable):
    """No public key is on file for this capture node."""


class NodeKeyConflict(ArchiveError):
    """Another public key is already on file for this capture node."""


class NodeKeyDamaged(KeyUnavailable):
    """The file of a node's public key does not hold 64 hexadecimal digits."""


class MessageMalformed(ArchiveError):
    """A message between client and key daemon is too long, cut or not in the protocol."""


class GroupUnknown(KeyUnavailable):
    """The group to which a socket should belong is not on this machine."""


class Refusal(StrEnum):
    """Why the key daemon says no; the word that travels and that an alarm shows."""

    KEY_UNKNOWN = "key_unknown"
    KEY_DESTROYED = "key_destroyed"
    PART_HAS_OTHER_KEY = "part_has_other_key"
    ALREADY_ARCHIVED = "already_archived"
    NOT_CONFIRMED = "not_confirmed"
    PAGE_DAMAGED = "page_damaged"
    SIGNATURE_WRONG = "signature_wrong"
    NODE_UNKNOWN = "node_unknown"
    INTAKE_KEY_UNKNOWN = "intake_key_unknown"
    ENTRY_MALFORMED = "entry_malformed"
    ENTRY_OF_OTHER_ACT = "entry_of_other_act"
    ENTRY_OF_OTHER_RECORDING = "entry_of_other_recording"
    ENTRY_DIFFERS = "entry_differs"
    ENTRY_STALE = "entry_stale"
    JOURNAL_ID_MISSING = "journal_id_missing"
    NOT_PERMITTED = "not_permitted"
    MALFORMED = "malformed"
    HOLD_UNKNOWN = "hold_unknown"
    HOLD_PLACING = "hold_placing"
    HOLD_ACTIVE = "hold_active"
    HOLD_ENDING = "hold_ending"
    PLAN_UNKNOWN = "plan_unknown"
    PLAN_DIFFERS = "plan_differs"
    PLAN_CLOSED = "plan_closed"
    PLAN_ALTERED = "plan_altered"
    SET_OUTDATED = "set_outdated"
    ROLLED_BACK = "rolled_back"
    CATALOG_OLDER = "catalog_older"
    NOT_PROVED = "not_proved"
    CLOCK_UNSURE = "clock_unsure"
    GATE_DIFFERS = "gate_differs"
    PLAN_GOES_ON = "plan_goes_on"
    NOT_DESTROYED = "not_destroyed"
    NOT_ALL_CERTIFIED = "not_all_certified"
    OUT_OF_ORDER = "out_of_order"
    KEYS_UNAVAILABLE = "keys_unavailable"
