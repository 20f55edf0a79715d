"""From a file that somebody handed in to the notebook that is run: `submission` goes the whole way. `intake` reads the
file, `scrub` puts the answers into the lesson's own cells, `idle` marks the demonstrations that no mark depends on.
"""
