"""`make screenshots` and `make recording`: write the files in `screenshots/`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.screenshots.camera import record, take
from tests.screenshots.shots import FOLDER, RECORDING, SHOTS


async def draw_pictures() -> None:
    """Draw every picture, and remove the files that are not declared."""
    declared = {path for shot in (*SHOTS, RECORDING) for path in shot.paths.values()}
    for path in sorted(set(FOLDER.glob("*.svg")) - declared):
        path.unlink()
        print(f"{path.name}: removed, it is not declared")
    for shot in SHOTS:
        for path, picture in (await take(shot)).items():
            _write(path, picture)


async def draw_recording() -> None:
    """Draw the recording in each theme."""
    for theme, path in RECORDING.paths.items():
        _write(path, await record(theme))


def _write(path: Path, picture: str) -> None:
    before = path.read_text() if path.exists() else ""
    path.write_text(picture)
    print(f"{path.name}: {'unchanged' if picture == before else 'drawn'}")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(draw_recording() if sys.argv[1:] == ["recording"] else draw_pictures())
