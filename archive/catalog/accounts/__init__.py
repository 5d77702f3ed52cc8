"""The register of persons and services, of what they were given and prove themselves by.

Knows nothing of what a role allows.
"""
