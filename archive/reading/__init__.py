"""Reading recordings: packets become time lines, lanes, waveforms and ranges of a WAV.

Knows nothing of who asks, of the catalog or of the web.
"""
