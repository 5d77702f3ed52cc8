"""Who asks, what each role may do, why a request is refused.

Pure values, knows no catalog and no web.
"""
