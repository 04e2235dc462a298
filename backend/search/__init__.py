"""Find anything: one field for groups, people, letters, receipts, requests and calls."""
