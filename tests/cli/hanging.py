"""The program with a name server that does not respond."""

from __future__ import annotations

import runpy
import socket
import sys
import time
from typing import Any


def _look_up(*arguments: Any, **options: Any) -> Any:
    sys.stdout.write("looking up\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    socket.getaddrinfo = _look_up
    runpy.run_module("chatkit_tui", run_name="__main__", alter_sys=True)
