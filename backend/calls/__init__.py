"""Calls: who is on the line, what they proved, and what they may hear and have done."""
