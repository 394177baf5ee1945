"""How much memory a process has."""

from __future__ import annotations

from pathlib import Path


def resident(pid: int) -> int:
    """Bytes of a process's proportional set size (https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html), else 0."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
