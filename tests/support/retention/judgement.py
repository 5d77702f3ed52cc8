"""What tests of judgement share."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 27, tzinfo=UTC)
