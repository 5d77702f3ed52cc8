"""Backups: sealed files, copies of databases, sets of the catalog."""
