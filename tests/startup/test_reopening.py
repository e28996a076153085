"""The options that select the same source again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.config.settings import DatabaseSettings, ServerSettings, Settings
from chatkit_tui.startup import browse


@pytest.mark.parametrize(
    ("settings", "options"),
    [
        ({"demo": True}, ("--demo",)),
        ({"demo": True, "protocol": "server"}, ("--demo", "--protocol", "server")),
        ({}, ()),
        ({"profile": "live"}, ("--profile", "live")),
        (
            {"base_url": "http://localhost:1/v1", "origins": {"base_url": "OPENAI_BASE_URL"}},
            ("--base-url", "http://localhost:1/v1"),
        ),
        ({"base_url": "http://a:b@localhost/v1", "origins": {"base_url": "--base-url"}}, ()),
        (
            {
                "profile": "live",
                "base_url": "http://x/v1",
                "origins": {"base_url": "profile live, config.toml line 3"},
            },
            ("--profile", "live"),
        ),
        (
            {"archive": Path("/a b.db"), "origins": {"archive": "--archive"}},
            ("--archive", "/a b.db"),
        ),
        (
            {"server": ServerSettings("https://h/c?a=b"), "origins": {"server": "--server"}},
            ("--server", "https://h/c?a=b"),
        ),
        (
            {"database": DatabaseSettings("/a b.db"), "origins": {"database": "--database"}},
            ("--database", "/a b.db"),
        ),
        (
            {
                "database": DatabaseSettings("postgresql://ada@h/shop"),
                "origins": {"database": "--database"},
            },
            ("--database", "postgresql://ada@h/shop"),
        ),
    ],
)
def test_the_same_source_is_selected_without_a_secret(
    tmp_path: Path, settings: dict[str, Any], options: tuple[str, ...]
) -> None:
    made = Settings(tmp_path / "config.toml", **settings)
    assert browse.reopening_options(made) == options
