"""Who may open what: key service, keystore, key daemon and its client.

Knows nothing of audio, spool or catalog.
"""
