"""Moves: reads one side, asks mirror, writes the other, records."""
