"""Answers: the plan's FAQ as maintained articles, answered for an account."""
