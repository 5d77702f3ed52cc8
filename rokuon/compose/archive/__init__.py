"""Catalog, keys, keeper and the retention part put together.

Knows nothing of HTTP.
"""
