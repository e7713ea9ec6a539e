"""What people look at: lists, details, figures. Read models over the store, made for showing.

A rule is never decided here and nothing is changed here: ``sync`` acts, this room tells.
"""
