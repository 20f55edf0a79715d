"""From a lesson's text to the notebooks people open, and back: build, audit, adopt.

solutions/NN_slug/NN_slug.py  ->  solutions/NN_slug/NN_slug.ipynb  ->  notebooks/NN_slug/NN_slug.ipynb
"""
