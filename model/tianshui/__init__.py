"""Tianshui: a scenario laboratory for one prefecture's development plan, household by household.

    import tianshui

    run = tianshui.simulate("plan", sample=0.05, seed=1)

Heavy parts are imported when first used, so that `import tianshui` is instant.
"""

from typing import Any

__all__ = ["Results", "compare", "simulate"]


def __getattr__(name: str) -> Any:
    if name == "simulate":
        from tianshui.run import simulate

        return simulate
    if name == "compare":
        from tianshui.experiments.compare import compare

        return compare
    if name == "Results":
        from tianshui.archive import Results

        return Results
    raise AttributeError(f"module 'tianshui' has no attribute {name!r}")
