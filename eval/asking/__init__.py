"""Asks a running product for the calls that requests are about, by HTTP; judges what it answers.

Knows the truth, and nothing of how the product finds.
"""
