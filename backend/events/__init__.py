"""Live updates: an outbox table, and the streams that carry it to every desk."""
