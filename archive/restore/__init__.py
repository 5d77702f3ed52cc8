"""The index made anew from the archive, keystore and catalog from backup sets: offline.

Knows nothing of the configuration, nor of the language of who reads what came of it.
"""
