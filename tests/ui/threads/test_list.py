"""The list of threads: moving, filtering, marking."""

from __future__ import annotations

import re

import pytest

from chatkit_tui.emulator import DEMO_NOW, Emulator
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start


async def test_going_down_loads_the_next_page_before_the_end_is_reached(start: Start) -> None:
    async with start(emulator=Emulator(threads=300)) as driver:
        loaded = driver.loaded("threads")
        await driver.press(*["pagedown"] * 6)
        assert driver.loaded("threads") > loaded
        assert driver.cursor() < driver.loaded("threads") - 1


async def test_the_far_end_is_one_request_away(start: Start) -> None:
    large = Emulator(threads=5_000)
    async with start(emulator=large) as driver:
        before = len(large.requests)
        await driver.press("G")
        lists = [r for r in list(large.requests)[before:] if r.operation == "threads.list"]
        assert lists[0].query["order"] == "asc"
        assert "after" not in lists[0].query
        assert "last" in driver.status


async def test_the_status_shows_what_is_loaded_and_no_unknown_total(start: Start) -> None:
    async with start(emulator=Emulator(threads=300)) as driver:
        assert "130 loaded, more exist" in driver.status
        await driver.press(*["pagedown"] * 16)
        assert "300 loaded" in driver.status
        assert "more" not in driver.status


async def test_typing_filters_what_is_loaded_and_esc_shows_all_again(start: Start) -> None:
    async with start() as driver:
        await driver.press("/")
        await driver.type("OKAFOR")
        assert "of 60 loaded" in driver.status
        shown = [row.user for row in driver.visible_threads()]
        assert set(shown) == {"mira.okafor@example.com"}
        await driver.press("escape")
        assert "60 loaded" in driver.status


@pytest.mark.parametrize("columns", [40, 60, 80])
async def test_the_heading_has_the_number_of_marks_at_any_width(start: Start, columns: int) -> None:
    async with start(columns, 15) as driver:
        await driver.press("space", "space", "f", "=mira.okafor@example.com", "enter")
        await driver.press("space", "space")
        assert "2 marked" in driver.line(1)


async def test_filter_order_and_refresh_keep_marks(start: Start) -> None:
    async with start() as driver:
        await driver.press("j", "space")
        assert "1 marked" in driver.line(1)
        await driver.press("/", "=nothing has this", "enter", "escape", "o", "o", "r")
        assert "1 marked" in driver.line(1)
        assert "✓" in driver.line(3)


async def test_a_refresh_keeps_the_cursor_on_its_thread(start: Start) -> None:
    async with start(emulator=Emulator(threads=300)) as driver:
        await driver.press(*["pagedown"] * 4)
        title = driver.title
        await driver.press("r")
        assert driver.title == title
        assert "refreshed" in driver.status


async def test_the_server_filters_by_user(start: Start) -> None:
    async with start() as driver:
        await driver.press("f", "=user_48213", "enter")
        users = {row.user for row in driver.visible_threads()}
        assert users == {"user_48213"}
        assert "user user_48213" in driver.line(1)
        await driver.press("f", "ctrl+u", "enter")
        assert "60 loaded" in driver.status


async def test_a_list_without_threads_says_what_to_do(start: Start) -> None:
    async with start(user="nobody-has-this-name") as driver:
        assert "This user has no threads." in driver.frame()


async def test_an_untitled_thread_gets_its_first_words_in_quotes(start: Start) -> None:
    async with start() as driver:
        assert any(not row.title for row in driver.visible_threads())
        assert " “" in driver.frame()
        assert "(untitled)" not in driver.frame()


async def test_first_words_are_requested_for_visible_threads_only(start: Start) -> None:
    many = Emulator(threads=300)
    async with start(emulator=many) as driver:
        asked = [r.path for r in many.requests if r.operation == "threads.list_items"]
        untitled = [r for r in driver.visible_threads() if not r.title]
        assert len(asked) == len(untitled)


async def test_the_order_is_reversed_with_one_request(start: Start) -> None:
    async with start(emulator=Emulator(threads=300)) as driver:
        newest = driver.title
        await driver.press("o")
        assert driver.title != newest
        assert "oldest first" in driver.line(1)
        await driver.press("o")
        assert driver.title == newest


async def test_a_narrow_list_gives_a_thread_two_lines(start: Start) -> None:
    async with start(50, 30) as driver:
        assert driver.browse.threads.list.lines_each == 2
        assert driver.title[:20] in driver.line(2)
        first = driver.thread()
        assert first.user is not None
        assert first.user in driver.line(3)


async def test_the_cursor_stays_on_its_thread_through_every_size(start: Start) -> None:
    async with start() as driver:
        await driver.press(*["j"] * 17)
        title = driver.title
        for size in ((40, 12), (160, 50), (80, 24)):
            await driver.resize(*size)
            assert driver.title == title
            assert title[:20] in driver.frame()


async def test_the_reversed_list_begins_at_its_end_once_it_is_loaded(
    start: Start,
) -> None:
    async with start(emulator=Emulator(threads=2_000)) as driver:
        await driver.press("j", "o")
        assert driver.cursor() == 0
        assert driver.title[:20] in driver.line(2)
        oldest = driver.title
        await driver.press("o", "G")
        assert driver.title == oldest


async def test_a_move_while_the_other_end_loads_is_kept(start: Start) -> None:
    slow = HeldEmulator(threads=2_000)
    async with start(emulator=slow) as driver:
        slow.hold()
        await driver.pilot.press("o", "j", "j")
        title = driver.title
        slow.release()
        await driver.settle()
        assert driver.title == title


async def test_reversing_a_whole_list_keeps_the_cursor_on_its_thread(
    start: Start,
) -> None:
    async with start() as driver:
        await driver.press("G", "k", "k", "k")
        title = driver.title
        await driver.press("o")
        assert driver.title == title
        assert title[:20] in driver.frame()


async def test_a_message_leaves_room_for_what_is_loaded(start: Start) -> None:
    async with start(emulator=Emulator(threads=300)) as driver:
        await driver.press("t")
        assert "times: local" in driver.status
        assert "130 loaded, more exist" in driver.status
        await driver.resize(30, 24)
        assert "times: local" in driver.status
        assert "loaded" not in driver.status


async def test_esc_with_nothing_to_stop_says_nothing(start: Start) -> None:
    async with start() as driver:
        before = driver.status
        await driver.press("escape")
        assert driver.status == before


async def test_the_status_shows_marks_while_the_list_is_hidden(start: Start) -> None:
    async with start() as driver:
        await driver.press("space", "space", "enter")
        await driver.press("space")
        assert "1 marked" in driver.status  # of the items
        assert "2 threads marked" in driver.status
        await driver.resize(120, 24)
        assert "threads marked" not in driver.status


@pytest.mark.parametrize("columns", [40, 80, 160])
async def test_the_footer_always_has_the_palette_the_help_and_the_way_out(
    start: Start, columns: int
) -> None:
    async with start(columns, 24) as driver:
        for keys in ([], ["enter"], ["escape", "space"]):
            await driver.press(*keys)
            assert all(words in driver.line(-1) for words in ("Ctrl+p", "q quit", "? help"))


async def test_an_empty_list_says_why_a_third_from_the_top_in_the_middle(start: Start) -> None:
    async with start(user="nobody") as driver:
        lines = driver.frame().splitlines()
        [number] = [n for n, line in enumerate(lines) if "This user has no threads." in line]
        assert number in range(7, 10)
        before, _, after = lines[number].ljust(80).partition("This user has no threads.")
        assert abs(len(before) - len(after)) <= 1
        assert "f asks for another user, or for everybody" in lines[number + 1]


class Clock:
    """A clock that stands still until a test sets it."""

    def __init__(self) -> None:
        self.now = float(DEMO_NOW)

    def __call__(self) -> float:
        return self.now


async def test_ages_grow_with_a_key_after_a_minute_and_by_themselves(start: Start) -> None:
    clock = Clock()
    async with start(clock=clock) as driver:
        assert "14 min" in driver.line(2)
        clock.now += 59
        await driver.press("j")
        assert "14 min" in driver.line(2)
        clock.now += 61
        await driver.press("j")
        assert "16 min" in driver.line(2)
        clock.now += 60
        driver.browse.times.let_ages_grow()  # as the timer does
        await driver.settle()
        assert "17 min" in driver.line(2)


async def test_ages_stand_still_on_a_slow_connection(start: Start) -> None:
    clock = Clock()
    async with start(clock=clock, slow=True) as driver:
        clock.now += 600
        await driver.press("j")
        assert "14 min" in driver.line(2)


async def test_threads_of_one_title_are_told_apart_by_their_first_words(start: Start) -> None:
    async with start() as driver:
        first, second, third = (driver.thread(number) for number in (1, 3, 4))
        threads = driver.browse.threads
        for row in (first, second):
            threads._known[row.key] = row._replace(title="New thread")
        threads._known[third.key] = third._replace(title="Another title")
        for number in (1, 3, 4):
            threads.list.row_changed(number)
        await driver.settle()
        assert "New thread “¿Puedo cambiar" in driver.line(3)
        assert "New thread “I can't find" in driver.line(5)
        assert "Another title  " in driver.line(6)


async def test_an_older_thread_has_weekday_and_date(start: Start) -> None:
    async with start(80, 24) as driver:
        await driver.press("G")
        weekdays = re.findall(
            r" (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ [A-Z][a-z][a-z]\n", driver.frame()
        )
        assert len(weekdays) > 5
