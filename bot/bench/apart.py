"""Measuring in a process of its own, so that its memory and its interpreter lock are its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.errors import BadInput


def apart(module: str, task: Any, *words: str) -> Any:
    """Run a module (`bot.bench.match`) with a task on standard input; answers what it printed, both as JSON.

    Raises BadInput if it fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        input=json.dumps(task),
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = " ".join((module, *words))
        raise BadInput(f"the measuring process {said} failed with status {done.returncode}; what it said is above")
    return json.loads(done.stdout)


def environment() -> dict[str, str]:
    """The environment in which `python -m bot...` finds this very package, from any working directory."""
    root = str(Path(__file__).resolve().parents[2])
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))}
