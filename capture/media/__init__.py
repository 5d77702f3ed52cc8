"""Sockets, landing rings and sweeps: how datagrams become sealed frames."""
