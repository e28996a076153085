"""`make bench`: every figure with a target, most of them measured on a real pseudo-terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

from tests.benchmarks.archiving import archiving
from tests.benchmarks.connection import holding, sizes
from tests.benchmarks.databases import databases
from tests.benchmarks.export_command import export_command
from tests.benchmarks.exporting import exporting
from tests.benchmarks.large_archive import small_archive
from tests.benchmarks.reading import reading
from tests.benchmarks.redacting import redacting
from tests.benchmarks.report import Figure, table
from tests.benchmarks.starting import opening, starting
from tests.benchmarks.widgets import rendering

PARTS: tuple[Callable[[], list[Figure]], ...] = (
    *(starting, opening, reading, rendering),
    *(sizes, holding, archiving, small_archive, databases, redacting, exporting),
    export_command,
)


def main() -> None:
    """Measure the parts that the command line names, or all, and print one table."""
    wanted = sys.argv[1:]
    figures: list[Figure] = []
    begun = perf_counter()
    for part in PARTS:
        if not wanted or part.__name__ in wanted:
            print(f"measuring: {part.__name__} …", file=sys.stderr)
            figures += part()
    print(table(figures))
    print(f"\nin {perf_counter() - begun:.0f} s; the ratios hold elsewhere, the figures do not")


if __name__ == "__main__":
    main()
