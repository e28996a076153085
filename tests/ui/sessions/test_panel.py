"""Creating and cancelling sessions in the session panel."""

from __future__ import annotations

import json
from collections.abc import Callable

from chatkit_tui.emulator import Emulator
from chatkit_tui.sessions.history import SessionHistory, SessionRecord
from chatkit_tui.ui.sessions.panel import SessionPanel
from chatkit_tui.ui.sessions.views import SessionCard
from tests.hostile.wire import HostileEmulator
from tests.ui.conftest import Start
from tests.ui.driver import Driver


async def fill_in(driver: Driver, user: str = "ana", workflow: str = "wf_support") -> None:
    await driver.press("s", "n")
    await driver.paste(user)
    await driver.press("enter")
    await driver.paste(workflow)


def secret(driver: Driver) -> str:
    session = driver.app.screen.query_one(SessionCard).session
    assert session is not None
    assert session.client_secret is not None
    return session.client_secret.reveal()


async def test_the_form_shows_every_field_with_its_limit(
    start: Start, same_frame: Callable[[str, str], None]
) -> None:
    async with start() as driver:
        await driver.press("s", "n")
        same_frame(driver.frame(), "session_form_80x24")


async def test_mistakes_are_shown_below_their_fields_and_no_request_is_sent(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await fill_in(driver, user="", workflow="wf_support")
        asked = len(emulator.requests)
        await driver.press("ctrl+s")
        assert "User is required" in driver.frame()
        assert len(emulator.requests) == asked


async def test_a_secret_is_masked_until_the_user_reveals_it(start: Start) -> None:
    async with start() as driver:
        await fill_in(driver)
        await driver.press("ctrl+s")
        frame, made = driver.frame(), secret(driver)
        assert "active · 10:00 left" in frame
        assert "•••" in frame
        assert made not in frame
        await driver.press("v")
        assert made in driver.frame()
        await driver.press("escape", "enter")
        assert made not in driver.frame()
        await driver.press("v")
        assert made in driver.frame()


async def test_an_empty_list_does_not_offer_to_show_or_cancel(start: Start) -> None:
    async with start() as driver:
        await driver.press("s", "z")
        assert "z does nothing here" in driver.frame()
        await driver.press("c")
        assert "Cancel this session?" not in driver.frame()
        assert "cancel: there is no session to cancel" in driver.frame()
        assert driver.line(-1).strip() == "n new · x cancel by id · Esc back"


async def test_the_question_for_an_id_explains_the_consequence(
    start: Start,
) -> None:
    async with start() as driver:
        await driver.press("s", "x")
        assert "Its secret stops working at once." in driver.frame()


async def test_a_user_can_stop_waiting_and_learns_what_is_not_known(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await fill_in(driver)
        emulator.faults = ("stall@sessions.create",)
        await driver.pilot.press("ctrl+s")
        await driver.pilot.pause()
        assert "Creating the session …" in driver.frame()
        assert "Esc stops waiting" in driver.frame()
        await driver.pilot.press("ctrl+s")
        await driver.pilot.pause()
        assert "that goes first" in driver.frame()
        await driver.press("escape")
        assert "It is not known whether a session was made" in driver.frame()
        assert "wf_support" in driver.frame()  # the form is as it was


async def test_a_mistake_is_removed_once_its_field_is_corrected(start: Start) -> None:
    async with start() as driver:
        await driver.press("s", "n", *["down"] * 5)
        await driver.type("700")
        await driver.press("ctrl+s")
        frame = driver.frame()
        assert "User is required" in frame
        assert "Workflow is required" in frame
        assert "Expires after must be" in frame
        await driver.type("ana")
        frame = driver.frame()
        assert "User is required" not in frame
        assert "Workflow is required" in frame
        await driver.press("down", "down", "down", "down", "down", "backspace")
        assert "Expires after must be" not in driver.frame()
        await driver.type("0")
        assert "Expires after must be" not in driver.frame()  # not before it is sent again
        await driver.press("ctrl+s")
        assert "Expires after must be" in driver.frame()
        assert "Workflow is required" in driver.frame()


async def test_a_rejection_is_removed_once_its_field_is_corrected(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await fill_in(driver, workflow="wf_nope")
        await driver.press("ctrl+s")
        assert "Not found (404)" in driver.frame()
        await driver.press("backspace")
        assert "Not found (404)" not in driver.frame()


async def test_the_down_key_leaves_the_lines_of_the_state_variables(start: Start) -> None:
    async with start() as driver:
        await driver.press("s", "n", *["down"] * 6)
        assert driver.app.focused is driver.app.screen.query_one(
            "#rate_limits-max_requests_per_1_minute"
        )
        await driver.press(*["up"] * 4)
        assert driver.app.focused is driver.app.screen.query_one("#workflow-version")


async def test_the_secret_is_copied_on_a_key(start: Start) -> None:
    async with start() as driver:
        await fill_in(driver)
        await driver.press("ctrl+s", "y")
        assert driver.app.clipboard == secret(driver)
        assert "sent to the terminal's clipboard" in driver.frame()


async def test_what_was_typed_is_there_again_after_a_failure_and_after_closing(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await fill_in(driver, workflow="wf_nope")
        await driver.press("ctrl+s")
        assert "Not found (404)" in driver.frame()
        await driver.press("escape", "escape")
        await driver.press("s", "n")
        frame = driver.frame()
        assert "wf_nope" in frame
        assert "ana" in frame


async def test_a_session_made_here_is_in_the_list_and_can_be_cancelled(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await fill_in(driver)
        await driver.press("ctrl+s", "escape")
        assert "● 10:00 left  ana  wf_support" in driver.frame()
        await driver.press("c")
        assert "Cancel this session?" in driver.frame()
        assert not [r for r in emulator.requests if r.path.endswith("/cancel")]
        await driver.press("y")
        assert "✗ cancelled" in driver.frame()
        assert "secret" not in driver.line(-1)  # there is none any more
        assert "c cancel ·" not in driver.line(-1)
        await driver.press("escape")
        assert "✗ cancelled  ana" in driver.frame()


async def test_esc_leaves_the_session_as_it_is(start: Start, emulator: Emulator) -> None:
    async with start() as driver:
        await fill_in(driver)
        await driver.press("ctrl+s", "escape")
        for key in ("escape", "enter", "space", "c", "n", "q"):
            await driver.press("c", key, "escape", "s")
        assert "● 10:00 left" in driver.frame()
        assert not [r for r in emulator.requests if r.path.endswith("/cancel")]


async def test_a_cancelled_session_is_not_cancelled_again(start: Start) -> None:
    async with start() as driver:
        await fill_in(driver)
        for key in ("ctrl+s", "c", "y"):
            await driver.press(key)
        for _ in range(2):  # its card, then its row
            assert "c cancel ·" not in driver.line(-1)
            await driver.press("c")
            assert "Cancel this session?" not in driver.frame()
            assert "cancel: it is cancelled already" in driver.frame()
            await driver.press("escape")


async def test_the_keys_are_those_of_the_session_under_the_cursor(start: Start) -> None:
    async with start() as driver:
        await fill_in(driver)
        for keys in (("ctrl+s",), ("c",), ("y",), ("n", "ctrl+s"), ("escape", "g")):
            await driver.press(*keys)
        assert "c cancel ·" in driver.line(-1)
        await driver.press("j")
        assert "c cancel ·" not in driver.line(-1)


async def test_a_key_that_scrolls_a_session_does_not_say_that_it_does_nothing(
    start: Start,
) -> None:
    async with start(40, 12) as driver:
        await fill_in(driver)
        await driver.press("ctrl+s")
        assert "status" not in driver.frame()
        await driver.press("pagedown")
        assert "status" in driver.frame()
        assert "does nothing" not in driver.frame()
        await driver.press("G")
        assert "G does nothing here" in driver.frame()


async def test_no_word_of_the_form_is_cut_off(start: Start) -> None:
    for columns in (60, 40):
        async with start(columns, 40) as driver:
            await driver.press("s", "n")
            words = " ".join(driver.frame().split())
            assert words.count("default: on") == 3
            assert words.count("default: off") == 1


async def test_any_session_can_be_cancelled_by_its_id(start: Start, emulator: Emulator) -> None:
    async with start() as driver:
        await driver.press("s", "x")
        await driver.type("cksess_unheard_of")
        await driver.press("enter")
        assert "Cancel this session?" in driver.frame()
        assert not [r for r in emulator.requests if r.path.endswith("/cancel")]
        await driver.press("y")
        assert [r.path for r in emulator.requests if r.path.endswith("/cancel")] == [
            "/v1/chatkit/sessions/cksess_unheard_of/cancel"
        ]


async def test_read_only_shows_the_list_and_changes_nothing(
    start: Start, emulator: Emulator
) -> None:
    async with start(read_only=True) as driver:
        await driver.press("s")
        frame = driver.frame()
        assert "READ-ONLY" in frame
        assert "n new" not in frame
        for key, changed in (("n", "created"), ("x", "cancelled"), ("c", "cancelled")):
            await driver.press(key)
            assert f"Read-only: nothing is {changed}." in driver.frame()
        assert "Sessions made from here" in driver.frame()


async def test_the_history_has_the_session_without_its_secret(
    start: Start, tmp_path_factory: object
) -> None:
    async with start() as driver:
        driver.browse.sessions.history = SessionHistory()
        await fill_in(driver)
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, SessionPanel)
        [record] = SessionHistory().all()
        assert (record.user, record.workflow, record.status) == ("ana", "wf_support", "active")
        written = SessionHistory().path.read_text()
        assert secret(driver) not in written
        assert "secret" not in json.dumps([json.loads(line) for line in written.splitlines()])


async def test_sessions_that_another_program_creates_are_shown(start: Start) -> None:
    other = SessionHistory()
    record = SessionRecord("cksess_1", "ana", "wf_a", None, 1, "elsewhere.example", "active")
    async with start() as driver:
        driver.browse.sessions.history = SessionHistory()
        await driver.press("s")
        assert "None yet" in driver.frame()
        other.add(record)
        panel = driver.app.screen
        assert isinstance(panel, SessionPanel)
        panel._tick()  # as every second
        await driver.settle()
        assert "None yet" not in driver.frame()
        assert "cksess_1" in driver.frame()
        await driver.press("escape")
        other.add(record._replace(id="cksess_2", user="mira\x1b[2J"))
        other.mark("cksess_1", "cancelled")
        await driver.press("s")
        frame = driver.frame()
        assert "cksess_2" in frame
        assert "\x1b" not in frame
        assert "cancelled  ana" in frame


async def test_hidden_characters_of_an_id_are_shown_as_symbols_and_sent_unchanged(
    start: Start,
) -> None:
    wire = HostileEmulator()
    async with start(emulator=wire) as driver:
        await fill_in(driver)
        await driver.press("ctrl+s", "c")
        assert "Cancel this session?" in driver.frame()
        assert "\x1b" not in driver.frame()
        assert "␛" in driver.frame()
        await driver.press("y")
        assert "%1B%5D52" in wire.requests[-1].path
