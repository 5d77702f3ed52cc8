"""Legal holds: who places them, what they hold, and how they end."""
