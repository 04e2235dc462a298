"""Calls: the bar above every screen, verification, wrap-up, notes, history and call-backs."""
