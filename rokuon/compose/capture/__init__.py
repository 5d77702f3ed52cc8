"""The processes of capture put together from the configuration.

Loads no catalog.
"""
