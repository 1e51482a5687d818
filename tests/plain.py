"""The same code compiled and as plain Python, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path


def both_ways(script: str) -> tuple[bytes, bytes]:
    """What a script prints with rules compiled, and with all of them as plain Python."""
    here, printed = Path(__file__).parent, []
    path = os.pathsep.join([str(here), str(here.parent / "model")])
    for plain in "01":
        setting = {**os.environ, "NUMBA_DISABLE_JIT": plain, "PYTHONPATH": path}
        done = subprocess.run([sys.executable, "-c", script], env=setting, check=True, capture_output=True)
        printed.append(done.stdout)
    return printed[0], printed[1]
