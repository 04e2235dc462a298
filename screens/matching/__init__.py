"""The manual-match queue: what waits, and one enrollment beside the members it may be."""
