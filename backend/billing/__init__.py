"""Billing: invoices, payments, letters, and what follows when premium is not paid."""
