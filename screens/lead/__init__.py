"""The lead's board."""
