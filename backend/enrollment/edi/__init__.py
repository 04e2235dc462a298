"""Reads and judges 834 files (005010X220A1): syntax only, no database, no clock."""
