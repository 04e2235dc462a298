"""Who did and saw what: append-only rows, chained by a sealer so that a change shows."""
