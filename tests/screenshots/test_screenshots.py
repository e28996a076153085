"""The pictures in `screenshots/` show what the program looks like now."""

from __future__ import annotations

import pytest

from tests.screenshots.camera import take
from tests.screenshots.shots import FOLDER, SHOTS, Shot


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
async def test_a_picture_is_what_the_screen_looks_like(shot: Shot) -> None:
    # Not one assertion of two long texts: their difference would say less than the next line.
    current = await take(shot) == shot.path.read_text()
    assert current, f"screenshots/{shot.path.name} is stale: `make screenshots` draws it anew"


def test_every_picture_is_declared() -> None:
    assert set(FOLDER.glob("*")) == {shot.path for shot in SHOTS}


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_picture_fetches_nothing(shot: Shot) -> None:
    picture = shot.path.read_text()
    assert "@font-face" not in picture
    assert "url(http" not in picture
