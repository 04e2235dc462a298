"""Letters of a group: what went out, and copies of it."""
