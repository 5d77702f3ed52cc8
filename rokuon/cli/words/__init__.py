"""Codes of answers in the words of tables.

Knows no command.
"""
