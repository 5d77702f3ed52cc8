"""From payloads to samples: codecs, resampling, noise, peaks, WAV.

Knows nothing of parts or time lines.
"""
