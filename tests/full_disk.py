"""A disk that is full, as far as a process can be told."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond some bytes.

    No bytecode is cached meanwhile: Python would take a cut file for a whole one later.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    wrote_none = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        sys.dont_write_bytecode = wrote_none
