"""`python -m backend` is `kprep-backend`."""

from backend.cli import main

main()
