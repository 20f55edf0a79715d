"""Triton kernels of the 1×1 convolution: a fused one to use, and what it takes to write, launch and watch one's own.

Triton is an optional package for Linux. Without a GPU it interprets kernels, slowly and exactly: `TRITON_INTERPRET=1`.
Nothing here loads it before it is used.
"""

__all__ = ["device", "fused_pointwise", "is_installed", "launched", "tl"]


def __getattr__(name):
    if name == "fused_pointwise":
        from course_utils.kernels.fused import fused_pointwise

        return fused_pointwise
    if name == "launched":
        from course_utils.kernels.launch import launched

        return launched
    if name in ("device", "is_installed", "tl"):
        from course_utils.kernels import setting

        return setting.language() if name == "tl" else getattr(setting, name)
    raise AttributeError(f"module 'course_utils.kernels' has no attribute {name!r}; it offers {', '.join(__all__)}")
