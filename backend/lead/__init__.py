"""The lead's view of the queue: counts, people, breaches, work rate and second looks."""
