"""The command `rokuon`.

`app.py` alone knows all nouns.
"""
