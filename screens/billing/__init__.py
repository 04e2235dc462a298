"""Billing: who owes premium, and where one group stands."""
