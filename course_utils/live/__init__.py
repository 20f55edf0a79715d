"""`course site --live`: lessons without PyTorch as notebooks that run in a browser, behind the pages of `course site`.

a clone  ->  wheels of our own  +  Pyodide, file by file of the right SHA-256  ->  JupyterLite  ->  site/live
"""

from course_utils.live.build import build_live
from course_utils.live.inspect import inspect_site

__all__ = ["build_live", "inspect_site"]
