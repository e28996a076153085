"""The precedence of flag, variable, profile and default, and the notes on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatkit_tui.config.describe import describe
from chatkit_tui.config.resolve import load_settings
from chatkit_tui.config.schema import FULL
from chatkit_tui.config.settings import DEFAULT_BASE_URL, Settings
from chatkit_tui.errors import ConfigError
from chatkit_tui.sources.openai.account import DEFAULT_BASE_URL as DEFAULT_OF_THE_CLIENT
from tests.config.conftest import Write

FILE = """\
profile = "work"
theme = "light"
[profiles.work]
base_url = "https://work.example/v1"
organization = "org_w"
project = "proj_w"
api_key_command = ["pass", "show", "work"]
user = "ada"
[profiles.home]
base_url = "https://home.example:8443/v1"
read_only = true
"""
KEY = "sk-environment-5up3r53cr3t-1a2b"


def load(path: Path, environ: Mapping[str, str] | None = None, **given: str | bool) -> Settings:
    """Settings from a file, an environment and flags."""
    return load_settings(given, environ or {}, path)


def test_without_anything_everything_has_its_default(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    settings = load_settings({}, environ)
    assert settings.base_url == DEFAULT_BASE_URL
    assert (settings.organization, settings.project, settings.profile) == (None, None, None)
    assert (settings.theme, settings.times, settings.zone) == ("dark", "relative", "local")
    assert not settings.read_only
    assert settings.host == "api.openai.com"


def test_the_default_address_is_that_of_the_client() -> None:
    assert DEFAULT_BASE_URL == DEFAULT_OF_THE_CLIENT


def test_the_profile_of_the_file_beats_defaults(write: Write) -> None:
    settings = load(write(FILE))
    assert settings.profile == "work"
    assert settings.base_url == "https://work.example/v1"
    assert (settings.organization, settings.project) == ("org_w", "proj_w")
    assert settings.api_key_command == ("pass", "show", "work")
    assert (settings.user, settings.theme) == ("ada", "light")
    assert settings.notes == ()


def test_a_flag_chooses_another_profile(write: Write) -> None:
    settings = load(write(FILE), {"CHATKIT_TUI_PROFILE": "work"}, profile="home")
    assert settings.profile == "home"
    assert settings.read_only
    assert settings.user is None
    assert settings.host == "home.example:8443"


def test_a_variable_chooses_another_profile(write: Write) -> None:
    assert load(write(FILE), {"CHATKIT_TUI_PROFILE": "home"}).profile == "home"


def test_environment_beats_profile_and_flags_beat_both(write: Write) -> None:
    path = write(FILE)
    environ = {"OPENAI_BASE_URL": "https://env.example/v1", "CHATKIT_TUI_USER": "eve"}
    settings = load(path, environ)
    assert (settings.base_url, settings.user) == ("https://env.example/v1", "eve")
    settings = load(path, environ, base_url="https://flag.example/v1", user="fay")
    assert (settings.base_url, settings.user) == ("https://flag.example/v1", "fay")


@pytest.mark.parametrize(
    ("variable", "value", "name"),
    [
        ("OPENAI_BASE_URL", "https://env.example/v1", "base_url"),
        ("OPENAI_ORG_ID", "org_env", "organization"),
        ("OPENAI_PROJECT_ID", "proj_env", "project"),
        ("OPENAI_API_KEY", KEY, "api_key_command"),
    ],
)
def test_a_variable_that_overrides_the_profile_is_reported(
    write: Write, variable: str, value: str, name: str
) -> None:
    settings = load(write(FILE), {variable: value}, profile="work")
    assert settings.notes == (f"{variable} is set and overrides {name} of profile work",)


@pytest.mark.parametrize(
    ("keys_from", "environ", "taken"),
    [
        ('api_key_command = "pass"\napi_key_keyring = true', {"OPENAI_API_KEY": KEY}, "variable"),
        ('api_key_command = "pass"\napi_key_keyring = true', {}, "command"),
        ("api_key_keyring = true", {"OPENAI_API_KEY": KEY}, "variable"),
        ("api_key_keyring = true", {}, "keyring"),
        ("api_key_keyring = false", {}, ""),
    ],
)
def test_a_key_is_the_environments_else_the_commands_else_the_keyrings(
    write: Write, keys_from: str, environ: dict[str, str], taken: str
) -> None:
    settings = load(write(f"[profiles.a]\n{keys_from}\n"), environ, profile="a")
    found = {
        "variable": settings.api_key is not None,
        "command": settings.api_key_command is not None,
        "keyring": settings.api_key_keyring,
    }
    assert [name for name, there in found.items() if there] == ([taken] if taken else [])


def test_two_sources_of_the_key_are_reported(write: Write) -> None:
    text = '[profiles.a]\napi_key_command = "pass"\napi_key_keyring = true\n'
    [note] = load(write(text), profile="a").notes
    assert note == "config.toml line 3: api_key_keyring is ignored: there is an api_key_command"


def test_a_key_in_the_keyring_is_described_without_reading_it(write: Write) -> None:
    settings = load(write("[profiles.a]\napi_key_keyring = true\n"), profile="a")
    assert (
        "api_key",
        "in the system's keyring",
        "profile a, config.toml line 2",
    ) in describe(settings)


def test_a_variable_equal_to_the_profile_has_no_note(write: Write) -> None:
    assert load(write(FILE), {"OPENAI_ORG_ID": "org_w"}).notes == ()


def test_an_empty_variable_counts_as_missing(write: Write) -> None:
    assert load(write(FILE), {"OPENAI_BASE_URL": " "}).base_url == "https://work.example/v1"


def test_an_empty_flag_asks_for_the_default(write: Write) -> None:
    assert load(write(FILE), user="").user is None


@pytest.mark.parametrize(
    ("text", "expected"), [("1", True), ("true", True), ("0", False), ("no", False)]
)
def test_a_switch_of_the_environment_is_read(write: Write, text: str, expected: bool) -> None:
    environ = {"CHATKIT_TUI_READ_ONLY": text, "CHATKIT_TUI_PROFILE": "home"}
    assert load(write(FILE), environ).read_only is expected


def test_an_invalid_switch_of_the_environment_is_taken_as_true_for_read_only(write: Write) -> None:
    settings = load(write(FILE), {"CHATKIT_TUI_READ_ONLY": "maybe"})
    assert settings.read_only
    assert "CHATKIT_TUI_READ_ONLY must be true or false" in settings.notes[0]


def test_a_word_of_the_environment_that_does_not_fit_is_reported_and_left(write: Write) -> None:
    settings = load(write(FILE), {"CHATKIT_TUI_TIMES": "soon"})
    assert settings.times == "relative"
    assert settings.notes == ("CHATKIT_TUI_TIMES must be one of relative, absolute",)


def test_the_log_file_is_a_path(write: Write) -> None:
    assert load(write(""), log_file="/tmp/log").log_file == Path("/tmp/log")  # noqa: S108 # a name


def test_settings_cannot_be_changed(write: Write) -> None:
    settings = load(write(FILE))
    with pytest.raises(AttributeError):
        settings.read_only = False  # type: ignore[misc]  # what is tested


# -- what is wrong ---------------------------------------------------------------------------------


def test_a_requested_profile_that_does_not_exist_is_an_error(write: Write) -> None:
    with pytest.raises(ConfigError, match=r"no profile 'wrok' in .*config.toml. Did you mean work"):
        load(write(FILE), profile="wrok")


def test_a_requested_profile_in_a_broken_file_is_an_error_with_the_line(write: Write) -> None:
    with pytest.raises(ConfigError, match=r"no profile 'work', since config.toml line 2: this is"):
        load(write("\n[profiles.work\n"), profile="work")


def test_notes_name_the_file_and_the_line(write: Write) -> None:
    settings = load(write('tiems = "utc"'))
    assert settings.notes == ("config.toml line 1: tiems is not a setting; did you mean times?",)
    assert not settings.read_only


@pytest.mark.parametrize(
    "text",
    [
        "theme = ",
        'profile = "wrok"\n[profiles.work]\n',
        'proifle = "work"\n[profiles.work]\n',
        'profile = "work"\n[profiles.work]\nbase_ulr = "https://work.example/v1"\n',
        'profile = "work"\n[profiles.work]\nproject = 7\n',
        'profile = "work"\n[profiles.work]\nread_only = "yes"\n',
        'profile = "work"\n[profiles.work]\nreadonly = true\n',
        "readonly = true\n",
        f'profile = "work"\n[profiles.work]\nbase_url = "https://{KEY}.example/v1"\n',
        f'profile = "work"\n[profiles.work]\nproject = "{KEY}"\n',
        f'profile = "work"\n[profiles.work]\norganization = "{KEY}"\n',
        f'profile = "work"\n[profiles.work]\napi_key = "{KEY}"\n',
        'profile = "work"\n[profiles.work]\napi_key_command = []\n',
        'profile = "work"\n[profiles.work]\napi_key_comand = "pass show work"\n',
        f'profile = "work"\n[profiles.work]\napi_key_command = "echo {KEY}"\n',
        f'api_key = "{KEY}"\n',
    ],
)
def test_a_mistake_that_may_select_another_account_makes_the_settings_read_only(
    write: Write, text: str
) -> None:
    settings = load(write(text), {"OPENAI_API_KEY": KEY})
    assert settings.read_only
    assert settings.notes
    assert not load(write(text), {"CHATKIT_TUI_READ_ONLY": "0"}).read_only


def test_of_a_profile_in_doubt_no_part_of_the_account_is_used(write: Write) -> None:
    settings = load(write(FILE.replace("base_url", "base_ulr")))
    assert settings.base_url == DEFAULT_BASE_URL
    assert (settings.organization, settings.api_key_command) == (None, None)
    assert settings.user == "ada"
    assert settings.notes[-1] == (
        "Read-only: the account of profile work is not used (base_ulr is not known)"
    )


def test_a_key_that_is_not_used_leaves_the_rest_of_the_account_in_use(write: Write) -> None:
    text = FILE.replace('api_key_command = ["pass", "show", "work"]', 'api_key = "x"')
    settings = load(write(text), {"OPENAI_API_KEY": KEY})
    assert settings.base_url == "https://work.example/v1"
    assert settings.notes[-1] == (
        "Read-only: api_key is not used, "
        "and the key of OPENAI_API_KEY may belong to another account"
    )


def test_a_missing_profile_of_the_file_makes_the_settings_read_only(write: Write) -> None:
    settings = load(write('profile = "nope"\n[profiles.a]\n'))
    assert settings.notes[-1] == "Read-only: the file's profile 'nope' does not exist"


@pytest.mark.parametrize("text", ['profile = "nope"', "profile = 7", 'proifle = "a"'])
def test_a_mistake_in_the_profile_of_the_file_has_no_effect_on_another(
    write: Write, text: str
) -> None:
    path = write(f'{text}\n[profiles.a]\nbase_url = "https://a.example/v1"\n')
    for settings in (load(path, profile="a"), load(path, {"CHATKIT_TUI_PROFILE": "a"})):
        assert settings.base_url == "https://a.example/v1"
        assert not settings.read_only


def test_a_profile_with_a_mistake_is_read_only(write: Write) -> None:
    assert load(write("[profiles.a]\nproject = 7\n"), profile="a").read_only


SEVERAL = "nope = 1\n[profiles.a]\nnope = 1\n[profiles.b]\nnope = 1\n[keys]\nquit = 1\n"


def test_mistakes_in_other_profiles_are_only_counted(write: Write) -> None:
    settings = load_settings({"profile": "b"}, {}, write(SEVERAL), for_screen=True)
    assert [note.partition(":")[0] for note in settings.notes] == [
        "config.toml line 1",
        "config.toml line 5",
        "config.toml line 7",
        "1 more note on config.toml",
    ]


def test_without_a_screen_mistakes_in_keys_are_not_reported(write: Write) -> None:
    settings = load(write(SEVERAL))
    assert settings.notes[0].startswith("config.toml line 1:")
    assert settings.notes[1:] == ("3 more notes on config.toml: chatkit-tui config check",)


def test_a_file_named_by_a_variable_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    settings = load_settings({}, {"CHATKIT_TUI_CONFIG": str(tmp_path / "none.toml")})
    assert settings.notes[0] == "none.toml: there is no such file"
    assert settings.read_only


# -- the demonstration -----------------------------------------------------------------------------


def test_a_demonstration_ignores_account_settings(write: Write) -> None:
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://env.example/v1"}
    settings = load(write(FILE), environ, demo=True)
    assert settings.demo
    assert (settings.profile, settings.api_key, settings.api_key_command) == (None, None, None)
    assert settings.base_url == DEFAULT_BASE_URL
    assert settings.theme == "light"
    assert settings.notes == ()


def test_a_demonstration_may_have_the_protocol_of_a_server(write: Write) -> None:
    assert load(write(FILE), {}, demo=True, protocol="server").protocol == "server"
    assert load(write(FILE), {}, demo=True).protocol == "hosted"
    with pytest.raises(ConfigError, match="--protocol is for --demo alone"):
        load(write(FILE), {}, protocol="server")


def test_a_demonstration_starts_despite_mistakes_in_profiles(write: Write) -> None:
    settings = load(write("[profiles"), {"CHATKIT_TUI_PROFILE": "gone"}, demo=True)
    assert not settings.read_only


# -- what is shown ---------------------------------------------------------------------------------


def test_every_setting_is_described_with_its_origin(write: Write) -> None:
    rows = {
        row.name: (row.value, row.origin)
        for row in describe(load(write(FILE + '[keys]\nquit = "f10"\n'), {"OPENAI_ORG_ID": "o"}))
    }
    assert rows["profile"] == ("work", "config.toml line 1")
    assert rows["base_url"] == ("https://work.example/v1", "profile work, config.toml line 4")
    assert rows["organization"] == ("o", "OPENAI_ORG_ID")
    assert rows["api_key"] == ("output of pass", "profile work, config.toml line 7")
    assert rows["read_only"] == ("false", "default")
    assert rows["keys.quit"] == ("f10", "config.toml")


@pytest.mark.parametrize(
    ("text", "environ", "width", "shown"),
    [
        ("", {}, 100, 100),
        ("text_width = 72", {}, 72, 72),
        ('text_width = "full"', {}, FULL, "full"),
        ("text_width = 72", {"CHATKIT_TUI_TEXT_WIDTH": "120"}, 120, 120),
        ("text_width = 72", {"CHATKIT_TUI_TEXT_WIDTH": "full"}, FULL, "full"),
        ("text_width = 72", {"CHATKIT_TUI_TEXT_WIDTH": "²"}, 100, 100),
    ],
)
def test_the_width_of_text_is_a_number_or_full(
    write: Write, text: str, environ: dict[str, str], width: int, shown: int | str
) -> None:
    settings = load(write(text), environ)
    assert settings.text_width == width
    rows = {row.name: row.value for row in describe(settings, as_json=True)}
    assert rows["text_width"] == shown


def test_no_description_contains_the_key(write: Write) -> None:
    settings = load(write(FILE), {"OPENAI_API_KEY": KEY})
    rows = describe(settings)
    assert ("api_key", "…1a2b", "OPENAI_API_KEY") in rows
    assert "environment" not in repr(rows) + repr(settings)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://h/v1?key=sk-secret", "http://h/v1?…"),
        ("http://h/v1#secret", "http://h/v1#…"),
        ("h/v1?a=1&key=\nsecret", "h/v1?…"),
        ("https://ada:secret?@h/v1?key=secret", "https://…@h/v1?…"),
    ],
)
def test_parts_of_an_address_that_may_be_secret_are_not_shown(
    write: Write, address: str, shown: str
) -> None:
    rows = {row.name: row.value for row in describe(load(write(""), base_url=address))}
    assert rows["base_url"] == shown


def test_a_user_name_in_the_address_is_not_shown(write: Write) -> None:
    settings = load(write(""), base_url="https://ada:pass@gateway.example/v1")
    assert "pass" not in repr(describe(settings))
    assert settings.host == "gateway.example"


@pytest.mark.parametrize(
    "text",
    [
        "[profiles.a]\nbackup_before_delete = 3\nread_only = false\n",
        "[profiles.a]\nread_only = false\nbackup_before_delete = ''\n",
        "[profiles.a]\nbackup_before_delte = 'file'\n",
        "backup_before_delete = 'file'\n[profiles.a]\n",
        "[profiles.a]\nbackup_before_delete = 'sk-proj-abcdefghijklmnopqrstuvwxyz123456'\n",
    ],
)
def test_a_mistake_in_the_backup_makes_a_profile_read_only(write: Write, text: str) -> None:
    settings = load(write(text), profile="a")
    assert settings.read_only
    assert settings.backup_before_delete is None
    assert "backup_before_del" in "".join(settings.notes)


def test_the_backup_is_a_path_of_a_profile_or_the_environment(write: Write, tmp_path: Path) -> None:
    text = "[profiles.a]\nbackup_before_delete = '~/file'\nbase_url = 'https://a.example/v1'\n"
    path = write(text)
    assert load(path, profile="a").backup_before_delete == tmp_path / "file"
    assert load(path).backup_before_delete is None
    environ = {"CHATKIT_TUI_BACKUP_BEFORE_DELETE": "/other"}
    assert load(path, environ, profile="a").backup_before_delete == Path("/other")
    assert load(path, environ, demo=True).backup_before_delete is None
    described = {row.name: row.value for row in describe(load(path, profile="a"))}
    assert described["backup_before_delete"] == str(tmp_path / "file")
