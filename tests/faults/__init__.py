"""What must hold when processes are killed and connections break."""
