"""Mistakes in the configuration file, with line and reason, and the values that are used."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from chatkit_tui.commands.commands import BY_ID, COMMANDS
from chatkit_tui.config.file import check, config_path, read_file
from chatkit_tui.config.schema import THEMES
from tests.config.conftest import Write

GOOD = """\
profile = "work"
theme = "light"
times = "absolute"
zone = "utc"
slow = true

[profiles.work]
base_url = "https://gateway.example/v1"
organization = "org_1"
project = "proj_1"
api_key_command = ["pass", "show", "work key"]
read_only = true
user = "ada"

[keys]
quit = ["ctrl+q", "f10"]
refresh = "f5"
find = "ctrl+f, comma"
"""


def test_a_good_file_has_no_notes(write: Write) -> None:
    assert check(write(GOOD)) == []


def test_an_empty_file_has_no_notes(write: Write) -> None:
    assert check(write("")) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('\ntiems = "utc"', 2, "tiems is not a setting; did you mean times?"),
        ('theme = "dark"\nxyzzy = 1', 2, "xyzzy is not a setting"),
        ('base_url = "https://a"', 1, "base_url is not a setting; it belongs in a profile"),
        ("[profiles.a]\ncolor = 3", 2, "color must be one of red, green, yellow, "),
        ('color = "red"', 1, "color is not a setting; it belongs in a profile"),
        ("theme = 3", 1, "theme must be one of dark, light, "),
        ('theme = "xyzzy"', 1, "theme must be one of dark, light, "),
        ('theme = "nrod"', 1, "there is no such theme; did you mean nord?"),
        ('theme = "Solarized_Dark"', 1, "did you mean solarized-dark?"),
        ('times = "soon"', 1, "times must be one of relative, absolute"),
        ('slow = "yes"', 1, "slow must be true or false"),
        ("text_width = 19", 1, 'text_width must be a number of cells from 20, or "full"'),
        ("text_width = true", 1, 'text_width must be a number of cells from 20, or "full"'),
        ("profiles = 1", 1, "profiles must be a table: [profiles]"),
        ('[profile.work]\nuser = "a"', 1, "did you mean [profiles.NAME]?"),
        ("[profiles]\nwork = 1", 2, "work must be a table: [profiles.work]"),
        ('profile = "wrok"\n[profiles.work]', 1, "there is no profile 'wrok'; there are work"),
        ('[profiles.a]\n\nuesr = "a"', 3, "uesr is not a setting of a profile; did you mean user?"),
        (
            '[profiles.a]\ntimes = "utc"',
            2,
            "times is not a setting of a profile; it belongs at the top of the file",
        ),
        ("[profiles.a]\nproject = 5", 2, "project must be text in quotes, and not empty"),
        ("[profiles.a]\napi_key_command = []", 2, "api_key_command must be a command"),
        ("[profiles.a]\napi_key_command = 'pass \"'", 2, "api_key_command must be a command"),
        ("keys = []", 1, "keys must be a table: [keys]"),
        ("filters = []", 1, "filters must be a table: [filters]"),
        ("[filters]\na = 1", 2, "a must be text in quotes, and not empty"),
        ('[filters]\n"a b" = "x"', 2, "a b: a name has letters, digits, - and _ only"),
        ('[filters]\na = "x since:soon"', 2, "a: since: takes 2026-11-01, an ISO time, or 7d"),
        ('[filters]\na = "is:odd"', 2, "a: is: takes unanswered, tool-error, in-progress"),
        ('[keys]\ndelte = "x"', 2, "delte: there is no such command; did you mean delete?"),
        ("[keys]\nquit = 1", 2, "quit: must be a key or several"),
        ('[keys]\nquit = " , "', 2, "quit: must be a key or several"),
        ('[keys]\nquit = "ctrl-d"', 2, "quit: 'ctrl-d' is not a key; did you mean ctrl+d?"),
        ('[keys]\nquit = "esc"', 2, "quit: 'esc' is not a key; did you mean escape?"),
        ('[keys]\nquit = ["x", "ctrl+pgdn"]', 2, "did you mean ctrl+pagedown?"),
        ('[keys]\ndelete = "shift+y,y,ctrl+y,D"', 2, "leave one of y, Y, ctrl+y to confirm with"),
        ('[keys]\nrepaint = "Y,y,ctrl+y"', 2, "leave one of y, Y, ctrl+y to confirm with"),
        ('[keys]\nconfirm = "enter"', 2, "confirm: enter cannot confirm"),
        ('[keys]\nconfirm = ["x", "space"]', 2, "confirm: space cannot confirm"),
        ('[keys]\nconfirm = "D"', 2, "confirm: D opens the dialog (delete)"),
        ('[keys]\nconfirm = "c"', 2, "confirm: c opens the dialog (session_cancel)"),
        ('[keys]\nconfirm = "Q"\ndelete = "Q"', 2, "confirm: Q opens the dialog (delete)"),
        ('[keys]\nconfirm = "f5"\naccept = "f5"', 2, "confirm: f5 opens the dialog (accept)"),
        ('[keys]\nquit = "Q"\nfind = "Q"', 2, "quit: Q would collide with find"),
        ('theme = "dark"\ntimes "utc"', 2, "this is not TOML: "),
        ('theme = "dark"\ntheme = "light"', 2, "this is not TOML: "),
        ('\n\ntheme = "dark', 3, "this is not TOML: a quote is not closed"),
        ("theme = 'dark", 1, "a quote is not closed"),
        ('theme = "dark\ntimes = "utc"', 1, "a quote is not closed"),
        ("zone = \"utc\"\ntheme = '''dark\n", 2, "a quote is not closed"),
    ],
)
def test_a_mistake_is_reported_with_line_and_reason(
    write: Write, text: str, line: int, message: str
) -> None:
    notes = check(write(text))
    assert [note.line for note in notes] == [line]
    assert message in notes[0].message


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("down", "'down' is what the screen calls cursor_down"),
        ("try again", "'try again' is what the screen calls retry"),
        ("Pane", "'Pane' is what the screen calls next_pane"),
        ("newer", "what the screen calls load_newer"),
        ("end-search", "what the screen calls clear_find"),
        ("page-down", "did you mean page_down?"),
        ("Page Down", "did you mean page_down?"),
        ("raw_", "did you mean raw?"),
        ("cursor_dwon", "did you mean cursor_down?"),
        ("show al", "did you mean clear_filter?"),
        ("xyzzy", "there is no such command"),
    ],
)
def test_the_id_is_suggested_for_a_title(write: Write, name: str, meant: str) -> None:
    (note,) = check(write(f'[keys]\n"{name}" = "f5"'))
    assert note.message.endswith(meant)


def test_every_title_that_is_no_id_leads_to_its_id(write: Write) -> None:
    for command in COMMANDS:
        if command.title.replace(" ", "_") not in BY_ID:
            (note,) = check(write(f'[keys]\n"{command.title}" = "f5"'))
            assert command.id in note.message


@pytest.mark.parametrize(
    ("key", "rival"),
    [
        ("/", "filter"),
        ("slash", "filter"),
        ("solidus", "filter"),
        ("shift+d", "delete"),
        ("D", "delete"),
        ("ctrl+i", "next_pane"),
        ("ctrl+m", "open"),
        (":", "go_to"),
        ("colon", "go_to"),
        ("question_mark", "help"),
        ("pagedown", "page_down"),
    ],
)
def test_a_default_key_is_replaced_however_it_is_spelled(
    write: Write, key: str, rival: str
) -> None:
    path = write(f'[keys]\nmark = "{key}"')
    (note,) = (note for note in check(path) if f"from {rival}" in note.message)
    assert note.message.startswith("mark: takes ")
    assert not note.is_fault
    assert "mark" in read_file(path).keys


def test_a_lost_default_key_is_reported_with_the_remaining_keys(write: Write) -> None:
    notes = check(write('[keys]\nmark = "q"\nsession_new = "j"\nrepaint = "y"'))
    assert [(note.line, note.message) for note in notes] == [
        (2, "mark: takes q from quit in threads, which keeps ctrl+c"),
        (3, "session_new: takes j from cursor_down in sessions, which has no key there"),
        (4, "repaint: takes y from copy, which has no key there"),
        (4, "repaint: takes y from detail_copy, which has no key there"),
        (4, "repaint: takes y from address_copy, which has no key there"),
        (4, "repaint: takes y from confirm, which keeps Y"),
        (4, "repaint: takes y from session_copy_secret, which has no key there"),
    ]


def test_the_interrupt_key_cannot_have_another_command(write: Write) -> None:
    (note,) = check(write('[keys]\nquit = "Q"\nmark = "ctrl+c"'))
    assert note.message == "mark: ctrl+c always leaves the program"


def test_keys_are_stored_in_the_spelling_of_textual(write: Write) -> None:
    keys = read_file(write('[keys]\nmark = ["shift+ctrl+x", "shift+a", "%"]')).keys
    assert keys == {"mark": "ctrl+shift+x,A,percent_sign"}


def test_the_themes_are_those_of_textual() -> None:
    assert {*THEMES} - {"dark", "light"} == {*BUILTIN_THEMES}


def test_notes_are_in_the_order_of_their_lines(write: Write) -> None:
    notes = check(write('[keys]\nnope = "x"\n[profiles.a]\nnope = 1\n[nope]\n'))
    assert [note.line for note in notes] == [2, 4, 5]


def test_the_rest_of_a_faulty_file_is_used(write: Write) -> None:
    file = read_file(write(GOOD + 'nope = "x"\n'))
    assert len(file.notes) == 1
    assert file.top["theme"].value == "light"
    assert file.keys == {"quit": "ctrl+q,f10", "refresh": "f5", "find": "ctrl+f,comma"}
    assert file.profiles["work"].values["api_key_command"].value == ("pass", "show", "work key")


def test_a_command_in_one_text_is_split_as_a_shell_would(write: Write) -> None:
    file = read_file(write("[profiles.a]\napi_key_command = \"pass show 'work key'\""))
    assert file.profiles["a"].values["api_key_command"].value == ("pass", "show", "work key")


def test_commands_of_different_panes_can_share_a_key(write: Write) -> None:
    assert check(write('[keys]\nrefresh = "Q"\nfind = "Q"')) == []


def test_a_key_that_moved_away_is_free_for_another_command(write: Write) -> None:
    assert check(write('[keys]\ndelete = "Q"\nrefresh = "D"')) == []


@pytest.mark.parametrize("name", ["comma", "question_mark", "?", "é", "f12", "ctrl+shift+left"])
def test_keys_have_the_names_of_textual(write: Write, name: str) -> None:
    assert not any(note.is_fault for note in check(write(f'[keys]\nquit = "{name}"')))


def test_one_profile_can_be_checked_without_the_others(write: Write) -> None:
    path = write("nope = 1\n[profiles.a]\nnope = 1\n[profiles.b]\nnope = 1\n")
    assert [note.line for note in check(path, profile="b")] == [1, 5]


def test_a_profile_to_check_that_does_not_exist_is_reported(write: Write) -> None:
    [note] = check(write("[profiles.work]\n"), profile="wrok")
    assert note.message == "there is no profile 'wrok'; there are work"


# -- a key in the file -----------------------------------------------------------------------------

KEY = "sk-proj-abcdefgh12345678"


@pytest.mark.parametrize(
    "text",
    [
        f'api_key = "{KEY}"',
        f'[profiles.a]\napi_key = "{KEY}"',
        f'[profiles.a]\nAPI-KEY = "{KEY}"',
        f'[profiles.a]\napi_key_command = ["echo", "{KEY}"]',
        f'[profiles.a]\nproject = "{KEY}"',
    ],
)
def test_a_key_in_a_profile_is_rejected_with_advice(write: Write, text: str) -> None:
    path = write(text)
    notes = check(path)
    assert len(notes) == 1
    assert notes[0].line == text.count("\n") + 1
    assert "api_key_command = [" in notes[0].message
    assert "abcdefgh" not in repr(read_file(path))


# -- a file that cannot be read --------------------------------------------------------------------


def test_config_check_reports_a_missing_file(tmp_path: Path) -> None:
    assert check(tmp_path / "none.toml")[0].message == "there is no such file"


def test_a_missing_file_is_not_reported_at_the_start(tmp_path: Path) -> None:
    assert read_file(tmp_path / "none.toml").notes == ()


def test_a_folder_in_its_place_is_reported(tmp_path: Path) -> None:
    assert "cannot be read" in check(tmp_path)[0].message


def test_a_character_that_is_not_utf_8_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'theme = "dark"\n# caf\xe9\n')
    assert check(path)[0][:2] == (2, "there is a character that is not UTF-8")


def test_a_file_from_windows_reads_the_same(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode() + b"x = 1\r\n")
    assert [note.line for note in check(path)] == [19]


def test_the_file_is_in_the_platforms_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    found = config_path({})
    assert found.name == "config.toml"
    assert "chatkit-tui" in found.parts
    assert tmp_path in found.parents


def test_a_variable_names_another_file() -> None:
    assert config_path({"CHATKIT_TUI_CONFIG": "/etc/chatkit.toml"}) == Path("/etc/chatkit.toml")


def test_saved_filters_are_read_by_name(write: Write) -> None:
    path = write('[filters]\nmine = "u:ada is:unanswered"\nbad = "since:x"')
    assert read_file(path).filters == {"mine": "u:ada is:unanswered"}
