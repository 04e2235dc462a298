"""The wire contract: pydantic models and words, one module a word, shared with the backend."""
