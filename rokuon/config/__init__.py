"""Configuration: one TOML file, read once, into values that cannot be wrong."""
