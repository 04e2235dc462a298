"""Enrollment files: what came, what became of it, and what a person decides about it."""
