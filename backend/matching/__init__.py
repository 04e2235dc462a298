"""Manual matching: enrollments that are not certain, their clock, and what a person decides."""
