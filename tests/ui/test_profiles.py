"""Switching between profiles while the screen is open."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatkit_tui.config.resolve import load_settings
from chatkit_tui.emulator import DEMO_KEY
from chatkit_tui.errors import ArchiveError, ConfigError
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.startup.browse import screen_of
from chatkit_tui.startup.profiles import Profiles
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import ShownSource
from chatkit_tui.ui.widgets.option_rows import OptionRows
from tests.sources.archive.builder import archive as make_archive
from tests.sources.archive.builder import message
from tests.ui.conftest import OPTIONS
from tests.ui.driver import Driver

START_KEY = "key-of-the-start-0001"


@pytest.fixture
def config(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with profiles for an archive, an API and mistakes; the key is in the environment."""
    make_archive(tmp_path / "saved", {"cthr_saved": [message("cti_1", "hello")]}, title="Saved")
    (tmp_path / "key").write_text(DEMO_KEY)
    (tmp_path / "no-archive").write_text("text")
    path = tmp_path / "config.toml"
    path.write_text(f"""
        [profiles.saved]
        archive = "{tmp_path / "saved"}"
        color = "cyan"
        [profiles.staging]
        base_url = "{address}"
        api_key_command = ["cat", "{tmp_path / "key"}"]
        color = "red"
        [profiles.keyless]
        base_url = "{address}"
        [profiles.broken]
        archive = "{tmp_path / "no-archive"}"
        [profiles.gone]
        database = "{tmp_path / "no.db"}"
    """)
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(path))
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", START_KEY)
    return path


def profiles_of(started: str | None = None, **given: str) -> Profiles:
    """Return the profiles of a program that was started with a profile, or with none."""
    options = {**given, **({"profile": started} if started else {})}
    return Profiles(options, load_settings(options, os.environ), screen_of)


@asynccontextmanager
async def running(
    make_client: Callable[..., ThreadSource], profiles: Profiles, **options: object
) -> AsyncIterator[Driver]:
    """A screen on the emulator that can switch to profiles."""
    from chatkit_tui.sources.openai.source import OpenAISource

    async def connect(observer: SourceObserver) -> ThreadSource:
        return OpenAISource(make_client(), observer=observer)  # type: ignore[arg-type]

    shown = OPTIONS._replace(profiles=profiles, **options)  # type: ignore[arg-type]
    profiles.first = ShownSource(shown, connect)
    app = ChatKitApp(shown, connect)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        yield driver


async def switch(driver: Driver, name: str) -> None:
    """Choose a profile of the menu."""
    await driver.command("switch profile")
    rows = driver.app.screen.query_one(OptionRows)
    names = [str(option.prompt).split("  ")[0] for option in rows.options]
    await driver.press("home", *"j" * names.index(name))
    await driver.press("enter")
    await driver.settle()


async def test_the_threads_of_an_archive_replace_those_of_the_start_and_come_back(
    make_client: Callable[..., ThreadSource], config: Path
) -> None:
    async with running(make_client, profiles_of()) as driver:
        at_start = driver.browse
        await driver.press("space", "enter", "s")
        await driver.press("escape", "escape")
        await switch(driver, "saved")
        assert driver.browse is not at_start
        assert not at_start.is_attached
        assert [row.id for row in driver.threads()] == ["cthr_saved"]
        assert not driver.marked()
        assert driver.opened_id() in (None, "cthr_saved")  # of a preview
        assert " saved " in driver.line(0)
        assert "ARCHIVE" in driver.line(0)
        assert "READ-ONLY" in driver.line(0)
        assert not driver.app.is_screen_installed("sessions")
        assert not [worker for worker in driver.app.workers if worker.node is at_start]
        await driver.press("s")
        assert "sessions: only the hosted API has sessions" in driver.status
        await driver.press("D")
        assert "delete: an archive is only read" in driver.status
        await driver.press("enter", "F")
        assert "follow: an archive changes only when it is synchronized" in driver.status
        await switch(driver, "as started")
        assert "DEMO" in driver.line(0)
        assert driver.loaded("threads") > 1


async def test_another_account_is_that_of_panel_journal_and_notes(
    make_client: Callable[..., ThreadSource], config: Path, address: str
) -> None:
    async with running(make_client, profiles_of()) as driver:
        await switch(driver, "staging")
        host = address.removeprefix("http://").removesuffix("/v1")
        options = driver.browse.options
        assert driver.loaded("threads") > 1
        assert f" staging   {host}" in driver.line(0), driver.status
        assert options.source.host == host
        assert options.source.key_hint == DEMO_KEY[-4:]
        assert options.journal is not None
        assert options.journal.account.host == host
        assert options.journal.account.profile == "staging"
        assert driver.browse.sessions.history is not None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("keyless", "no key of its own: OPENAI_API_KEY is for the start "),
        ("broken", "no"),
        ("gone", "no"),
    ],
)
async def test_a_profile_that_cannot_be_used_leaves_the_present_one(
    make_client: Callable[..., ThreadSource], config: Path, name: str, reason: str
) -> None:
    async with running(make_client, profiles_of()) as driver:
        before, loaded = driver.browse, driver.loaded("threads")
        await driver.press("space")
        await switch(driver, name)
        assert "profile not switched" in driver.status
        assert reason in driver.status
        assert driver.browse is before
        assert driver.loaded("threads") == loaded
        assert len(driver.marked()) == 1
        await driver.press("j", "enter")
        assert driver.loaded("items") > 0


async def test_a_file_without_profiles_is_reported(
    make_client: Callable[..., ThreadSource], config: Path
) -> None:
    async with running(make_client, profiles_of()) as driver:
        _break(config)
        await driver.command("switch profile")
        assert "profile not switched" in driver.status
        assert "not TOML" in driver.status


@pytest.mark.parametrize("plain", [False, True])
async def test_the_name_is_shown_without_colors(
    make_client: Callable[..., ThreadSource], config: Path, plain: bool
) -> None:
    async with running(
        make_client, profiles_of(), profile="prod", color="red", plain=plain
    ) as driver:
        assert " prod " in driver.line(0)


def _break(config: Path) -> None:
    config.write_text("not [toml")


# -- resolving -------------------------------------------------------------------------------------


def test_the_key_of_the_environment_is_not_taken_along(config: Path) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY is for the start"):
        profiles_of().resolve("keyless")
    with pytest.raises(ConfigError, match="OPENAI_API_KEY is for profile staging"):
        profiles_of("staging").resolve("keyless")
    shown = profiles_of("keyless").resolve("staging")
    assert shown.options.source.key_hint == DEMO_KEY[-4:]


def test_the_key_of_the_environment_counts_for_the_profile_of_the_start(config: Path) -> None:
    shown = profiles_of("keyless").resolve("keyless")
    assert shown.options.source.key_hint == START_KEY[-4:]


def test_a_profile_that_names_the_key_of_the_environment_gets_it(config: Path) -> None:
    with config.open("a") as file:
        file.write('\n[profiles.named]\napi_key_command = ["printenv", "OPENAI_API_KEY"]\n')
    assert profiles_of().resolve("named").options.source.key_hint == START_KEY[-4:]


def test_options_about_the_first_source_end_and_others_stay(config: Path) -> None:
    given = {"base_url": "http://first.invalid/v1", "user": "ada", "read_only": "1"}
    options = profiles_of(**given).resolve("staging").options
    assert options.source.host != "first.invalid"
    assert options.user is None
    assert options.read_only
    assert (options.profile, options.color) == ("staging", "red")


def test_a_file_that_is_no_archive_is_an_error(config: Path) -> None:
    with pytest.raises(ArchiveError):
        profiles_of().resolve("broken")


def test_the_start_is_offered_only_without_a_profile(config: Path) -> None:
    names = [choice.name for choice in profiles_of("saved").choices()]
    assert names == ["saved", "staging", "keyless", "broken", "gone"]
