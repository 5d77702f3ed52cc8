"""What people and programs ask of the archive.

`services.py` alone puts the use cases together.
"""
