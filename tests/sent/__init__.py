"""What Rokuon sends, recorded at one commit and another, and what differs.

Runs over the code and the fixtures of the commit that it lies in; knows nothing of what is right.
"""
