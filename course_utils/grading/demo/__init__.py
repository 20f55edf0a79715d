"""A simulated class that makes the catalogue's mistakes (`demo`), and its answers as text (`answers`)."""
