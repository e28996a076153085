"""The command `export` as a process: the memory of a long thread beside that of a shorter one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from chatkit_tui.emulator import Emulator
from tests.benchmarks.programs import Api, serving
from tests.benchmarks.report import Figure

FEW, MANY = 10_000, 100_000


def export_command() -> list[Figure]:
    """Export a thread of each length from a server as JSON lines."""
    few, many = _peak_of(FEW), _peak_of(MANY)
    what = f"`export` of {MANY:,} items over loopback: memory, × that of {FEW:,}"
    return [Figure(what, many / few, "×", 1.1, beside=f"{few:.1f} MB and {many:.1f} MB")]


def _peak_of(items: int) -> float:
    with serving(Emulator(threads=1, items=items)) as api:
        return _peak(api)


def _peak(api: Api) -> float:
    """Return the largest memory of the process, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "thread.jsonl")
        command = [sys.executable, "-m", "chatkit_tui", "export", api.first_thread()]
        process = subprocess.Popen(  # noqa: S603 # ours
            [*command, "--output", output],
            env={**os.environ, **api.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"the export ended with {process.returncode}")
        return usage.ru_maxrss / 1024
