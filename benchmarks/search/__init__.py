"""How long the search takes while somebody types, at any number of members."""
