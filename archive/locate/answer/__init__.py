"""The answer about ranked calls: verdicts, counts, what may be dropped, the next question.

Pure. Knows nothing of how calls are ranked or of who asks; of a call what is handed in.
"""
