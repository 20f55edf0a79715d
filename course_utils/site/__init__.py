"""`course site`: every lesson as a page that needs no kernel and no network, its pictures still to be played with.

solutions/NN + notebooks/NN  ->  run  ->  cells as HTML, widgets as data  ->  site/NN/index.html
"""

from course_utils.site.pages import build_site

__all__ = ["build_site"]
