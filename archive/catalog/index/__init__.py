"""The index: rows derived from what recordings say, written, made anew, taken out.

Knows no key and no file.
"""
