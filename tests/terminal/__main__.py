"""`python -m tests.terminal [SECONDS] [SEED]`: attack the program for ten minutes."""

from __future__ import annotations

import sys
import tempfile
import time

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.terminal.renderer import SWITCH
from tests.loopback import serving
from tests.terminal.attack import attack


def main() -> int:
    """Attack, with the renderer and without it, and print the result."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    emulator = Emulator()
    with tempfile.TemporaryDirectory() as folder, serving(emulator) as address:
        environment = {
            "OPENAI_BASE_URL": address,
            "OPENAI_API_KEY": DEMO_KEY,
            "HOME": folder,
        }
        for renderer in ("on", "off"):
            print(f"seed {seed}, renderer {renderer}", flush=True)
            report = attack(environment | {SWITCH: renderer}, seed=seed, seconds=seconds / 2)
            print(report, flush=True)
    deletions = sum(call.method == "DELETE" for call in emulator.requests)
    print(f"{deletions} deletions")
    return int(deletions > 0)


if __name__ == "__main__":
    sys.exit(main())
