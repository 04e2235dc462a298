"""The door of the desk: sign-in and lock."""
