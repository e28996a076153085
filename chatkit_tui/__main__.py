"""The entry point: `chatkit-tui` and `python -m chatkit_tui`."""

from __future__ import annotations

import sys
from typing import NoReturn

from chatkit_tui.cli.main import run


def main() -> NoReturn:
    """Do what the command line says and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
