"""The doctor: is this machine fit to record what its configuration promises?"""
