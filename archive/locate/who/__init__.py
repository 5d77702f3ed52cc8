"""Names as somebody remembers them, held against those of the table of agents.

Pure. Knows nothing of calls or of when who was an agent.
"""
