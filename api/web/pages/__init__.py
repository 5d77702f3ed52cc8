"""What every page shares: frame, forms, cookies, visit, navigation.

Knows no page but the first.
"""
