"""The entry point: `chatkit-tui` and `python -m chatkit_tui`."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

from chatkit_tui.terminal.environment import fill_closed_descriptors

INTERRUPTED = 130
"""The exit code of `cli.exit_codes`, which may not be imported yet."""
OBJECTS_PER_COLLECTION = 20_000
"""Python's 700 mean hundreds of collections of what imports make, and nothing of that is garbage:
15 ms of the start."""


def main() -> NoReturn:
    """Run the command line, and exit with its code."""
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    fill_closed_descriptors()
    try:
        from chatkit_tui.secrets import forbid_core_dumps

        forbid_core_dumps()
        # Imported here: Ctrl+C may come during the import.
        from chatkit_tui.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
