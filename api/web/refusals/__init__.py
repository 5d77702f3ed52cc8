"""Each refusal with its status, code and text.

Knows no route.
"""
