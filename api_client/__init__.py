"""What can be asked of the kprep backend, typed; no user interface, usable as a library."""
