"""The recording of an inline call: parties, streams, evidence of the notice, who may control it.

Knows nothing of how a call is set up, nor of the server.
"""
