"""User IDs as a state machine: whatever happens in whatever order, what must never be is not."""
