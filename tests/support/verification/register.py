"""What tests of register share."""

from typing import Final

TRIGGERS: Final = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT 'ALTER TABLE ' || quote_ident(relname) || ' DISABLE TRIGGER ALL'"
    " FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace",
}
