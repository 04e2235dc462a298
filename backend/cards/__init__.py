"""ID cards: who gets one, where it goes, how far it has come; and what to say of care before it comes."""
