"""The files that audio is written to: segments, frames, packets, intake page, end of a part.

Bytes and their values. Knows neither catalog nor keystore.
"""
