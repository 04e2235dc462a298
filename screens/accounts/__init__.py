"""Accounts: find a group, see what a caller asks first, list its members."""
