"""The register of plans, what they have planned, tombstones and certificates.

Knows nothing of keys or of who may.
"""
