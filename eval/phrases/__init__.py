"""Requests as sentences, by templates that somebody wrote who had not seen what reads them."""
