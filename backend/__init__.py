"""The small API behind the desk: the plan's rules, its store and its daily work."""
