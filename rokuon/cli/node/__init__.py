"""Commands that need the configuration and no API: serve, settings, doctor, routes, self-test.

Know nothing of the archive.
"""
