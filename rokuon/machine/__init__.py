"""What a process has of its machine: clock, limits, log, readiness, user names, HTTP clients.

Says nothing to people.
"""
