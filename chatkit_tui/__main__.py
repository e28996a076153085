"""The entry point: `chatkit-tui` and `python -m chatkit_tui`."""

from __future__ import annotations

import sys
from typing import NoReturn

from chatkit_tui.terminal.environment import fill_closed_descriptors

INTERRUPTED = 130
"""As `cli.failures` has it, which is not imported yet when it is needed here."""


def main() -> NoReturn:
    """Do what the command line says and leave with its exit code."""
    fill_closed_descriptors()
    try:
        from chatkit_tui.secrets import forbid_core_dumps

        forbid_core_dumps()
        # Here, since Ctrl+C while it is imported is as good as any other.
        from chatkit_tui.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
