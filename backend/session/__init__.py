"""Sign-in, lock and sign-out of reps."""
