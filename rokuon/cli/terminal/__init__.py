"""What all commands share: options, output, exit codes, session, progress.

Knows no noun.
"""
