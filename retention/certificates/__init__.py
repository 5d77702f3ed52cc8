"""A certificate of destruction as a value, its list and its proofs.

Pure, knows no key daemon.
"""
