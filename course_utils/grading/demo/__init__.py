"""A simulated class that holds every misconception of the catalogue (`demo`), and its answers as text (`answers`)."""
