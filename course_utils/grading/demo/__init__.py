"""A simulated class that holds every misconception of the catalogue (`demo`), and the text of its answers (`answers`).
"""
