"""The entry point: `chatkit-tui` and `python -m chatkit_tui`."""

from __future__ import annotations

import sys
from typing import NoReturn

from chatkit_tui.terminal.environment import fill_closed_descriptors

INTERRUPTED = 130
"""The exit code of `cli.exit_codes`, which may not be imported yet."""


def main() -> NoReturn:
    """Run the command line, and exit with its code."""
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
