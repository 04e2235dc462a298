"""Accounts: groups, their contacts and members."""
