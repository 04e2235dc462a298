"""The demo store: plainly invented groups and people, sent through the real intake and billing."""
