"""Keys typed ahead end where keys typed slowly end."""
