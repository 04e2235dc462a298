"""Random histories of premium, held against a second opinion that shares no code with the backend."""
