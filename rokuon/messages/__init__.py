"""What people at a terminal read: translation, errors and results of checks in words.

Knows no configuration.
"""
