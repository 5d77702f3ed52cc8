"""Routes for programs about plans, certificates, holds and measures.

Translate only, know no page.
"""
