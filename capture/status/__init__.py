"""What others are told of live calls: metrics, files, the status socket, log lines, troubles.

Reads what there is and changes nothing. Knows nothing of how a call goes on.
"""
