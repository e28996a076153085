"""Runs one target under atheris: `python -m tests.fuzz NAME [SECONDS] [FOLDER]`.

FOLDER keeps the inputs that reached something new, for the next time; without it they are kept
in a folder of the system's for temporary files. What breaks a promise is written there as well.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["chatkit_tui", "markdown_it"]):
    from tests.fuzz.seeds import SEEDS
    from tests.fuzz.targets import TARGETS

    for name, target in TARGETS.items():  # what is imported where it is needed is needed now
        for seed in SEEDS[name]:
            target(seed)


def main() -> None:
    """Fuzz until the time is up or something breaks."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: python -m tests.fuzz NAME [SECONDS] [FOLDER]; NAME: {', '.join(TARGETS)}")
    name, seconds, folder, *_ = [*sys.argv[1:], *("600", "")[len(sys.argv) - 2 :]]
    corpus = Path(folder or tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    flags = [
        f"-max_total_time={seconds}",
        f"-artifact_prefix={corpus}/broken-",
        "-timeout=20",
        "-rss_limit_mb=2048",
    ]
    atheris.Setup([sys.argv[0], *flags, str(corpus)], TARGETS[name])
    atheris.Fuzz()


main()
