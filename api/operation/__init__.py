"""What operators and auditors ask of an installation: jobs, journal, clock, epochs, keystore.

Knows nothing of calls.
"""
