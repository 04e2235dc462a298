"""Answers: the plan's FAQ, answered for the account on the screen."""
