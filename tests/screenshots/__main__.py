"""`make screenshots`: draw every picture anew and take away those that are no longer declared."""

from __future__ import annotations

import asyncio

from tests.screenshots.camera import take
from tests.screenshots.shots import FOLDER, SHOTS


async def main() -> None:
    """Write `screenshots/`, saying which pictures changed."""
    FOLDER.mkdir(exist_ok=True)
    declared = {shot.path for shot in SHOTS}
    for path in sorted(set(FOLDER.glob("*.svg")) - declared):
        path.unlink()
        print(f"{path.name}: no longer declared, taken away")
    for shot in SHOTS:
        before = shot.path.read_text() if shot.path.exists() else ""
        picture = await take(shot)
        shot.path.write_text(picture)
        print(f"{shot.path.name}: {'as it was' if picture == before else 'drawn anew'}")


if __name__ == "__main__":
    asyncio.run(main())
