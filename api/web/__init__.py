"""The HTTP interface put together: application, handlers, bounds of requests.

Decides nothing.
"""
