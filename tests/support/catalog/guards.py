"""What tests of guards share."""

DROP = {
    "sqlite": "DROP TRIGGER tombstone_is_not_deleted",
    "postgresql": "DROP TRIGGER tombstone_stays ON tombstone",
}
