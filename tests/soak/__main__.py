"""`make soak`: a day at the screen in small, some minutes long; `SEED` and `KEYS` change it."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from contextlib import chdir
from pathlib import Path

from chatkit_tui.emulator import Emulator
from tests.loopback import serving
from tests.soak.session import use

APPS = 4
"""How often the screen is opened."""
MOST_GROWTH = 64 * 2**20
"""Bytes by which the process may grow in the second half: caches fill, nothing else."""


def main() -> int:
    """Use the screen, print what that was, and give the exit code."""
    seed = int(os.environ.get("SEED") or time.time())
    keys = int(os.environ.get("KEYS") or 20_000)
    print(f"seed {seed}, {keys:,} keys")
    emulator = Emulator(threads=200)
    with (
        tempfile.TemporaryDirectory() as folder,
        chdir(folder),  # random keys export to folders of any name
        serving(emulator) as address,
    ):
        told = asyncio.run(use(emulator, address, Path(folder), seed=seed, keys=keys, apps=APPS))
    print(
        f"{told.keys:,} keys, {told.resizes:,} sizes, {told.faults:,} faults, "
        f"{told.requests:,} requests, {told.apps} starts; left behind: {len(told.errors)} errors, "
        f"{len(told.tasks)} tasks, {told.files} files; grew by {told.growth / 2**20:.1f} MiB"
    )
    return int(bool(told.errors or told.tasks or told.files) or told.growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
