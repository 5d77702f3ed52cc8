"""What a policy decides of a recording, a page or a text, and a plan of what goes.

Pure, knows no catalog and no clock.
"""
