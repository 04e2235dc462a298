"""Letters of a group: the list, copies, and what is sent on request."""
