"""Find anything: one field for groups, people, receipts and items of work."""
