"""The key daemon: its sockets, what it answers to whom, its own work, its watches.

Knows neither audio nor catalog.
"""
