"""The catalog's migrations, inside the package so that an installed Rokuon can run them.

Knows nothing of configuration: whoever runs them hands in the connection.
"""
