"""Enrollment intake: online submissions and electronic files."""
