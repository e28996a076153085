"""The pictures in `screenshots/` show what the program looks like now."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.screenshots.camera import record, take
from tests.screenshots.drawing import DARK, Frame, Look, Run, still
from tests.screenshots.shots import FOLDER, RECORDING, SHOTS, Shot

PATHS = [path for shot in (*SHOTS, RECORDING) for path in shot.paths.values()]
PLAIN = Look("#ffffff", "", "")


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
async def test_a_picture_is_what_the_screen_looks_like(shot: Shot) -> None:
    # Not one assertion of two long texts: their difference would say less than the next line.
    stale = [path.name for path, text in (await take(shot)).items() if text != path.read_text()]
    assert not stale, "stale: `make screenshots` draws them again"


async def test_the_recording_is_what_the_screen_looks_like() -> None:
    # One theme is enough: the pictures show the colors of both.
    path = RECORDING.paths["dark"]
    current = await record("dark") == path.read_text()
    assert current, f"{path.name} is stale: `make recording` draws it again"


def test_every_picture_is_declared() -> None:
    assert set(FOLDER.glob("*")) == set(PATHS)


def test_every_picture_of_the_readme_exists() -> None:
    readme = (FOLDER.parent / "README.md").read_text()
    named = set(re.findall(r"screenshots/[^\s)\"]+", readme))
    assert named
    assert named <= {f"screenshots/{path.name}" for path in PATHS}


def test_no_picture_fetches_or_runs_anything() -> None:
    for path in PATHS:
        picture = path.read_text()
        assert path.stat().st_size < 200_000
        assert not re.search(r"<script|<image|@import|@font-face|url\(| on\w+=", picture)
        attributes = (item for element in parsed(picture).iter() for item in element.items())
        assert all(value[0] == "#" for name, value in attributes if name.endswith("href"))


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314


def texts(line: str) -> list[tuple[str, float, str | None]]:
    """Return the words of the picture of a line, each with its middle or left and its length."""
    picture = parsed(still(Frame(((Run(0, line, PLAIN),),), 80, DARK), "title"))
    return [
        (element.text or "", float(element.attrib["x"]), element.get("textLength"))
        for element in picture.iter("{http://www.w3.org/2000/svg}text")
        if element.get("class") != "title"
    ]


def test_each_wide_character_is_in_the_middle_of_its_cells() -> None:
    assert texts("ab 日本 🎁 c") == [
        ("ab", 0, "20"),
        ("日", 40, None),
        ("本", 60, None),
        ("🎁", 90, None),
        ("c", 110, None),
    ]


def test_words_take_their_cells_also_in_other_fonts() -> None:
    assert texts("  two words   → three") == [
        ("two words", 20, "90"),
        ("→", 145, None),
        ("three", 160, "50"),
    ]


def test_frames_and_bars_are_shapes_and_text_is_escaped() -> None:
    assert texts("│ <&> │ ▌██⣿") == [("<&>", 20, "30")]
