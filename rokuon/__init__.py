"""The composition root.

`__main__` chooses the language and hands over.
"""
