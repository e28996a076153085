"""The prompts of the list: completion, saved filters, and the nearest user."""

from __future__ import annotations

from chatkit_tui.predicates.predicate import Predicate
from tests.ui.conftest import Start


async def test_the_user_is_that_of_the_row_and_typing_replaces_it(start: Start) -> None:
    async with start(100, 24) as driver:
        user = driver.thread().user
        await driver.press("f", "enter")
        assert driver.browse.threads.user == user
        await driver.press("f", "backspace", "enter")
        assert driver.browse.threads.user is None
        await driver.press("f", "=nobody", "enter")
        assert driver.browse.threads.user == "nobody"


async def test_a_user_is_completed_and_the_nearest_is_named(start: Start) -> None:
    async with start(90, 24) as driver:
        user = driver.thread().user or ""
        await driver.press("f")
        await driver.type(user[:6])
        await driver.press("tab")
        assert driver.browse.prompt.text.startswith(user[:6])
        await driver.press("escape", "f")
        await driver.type(f"{user}x")
        await driver.press("enter")
        assert "This user has no threads" in driver.frame()
        assert f"The nearest name that was seen is {user}." in driver.frame()


async def test_saved_filters_are_listed_and_completed(start: Start) -> None:
    async with start(100, 24, filters={"closed": "s:closed", "mine": "okafor"}) as driver:
        await driver.press("slash", "@")
        assert "@closed  @mine" in driver.status
        await driver.press("tab")
        assert driver.filter() == "@closed"
        assert {row.status for row in driver.threads()} == {"closed"}
        await driver.press("tab")
        assert driver.filter() == "@mine"
        assert {row.user for row in driver.threads()} == {"mira.okafor@example.com"}


async def test_an_unknown_saved_filter_is_said_to_be_text(start: Start) -> None:
    async with start(100, 24, filters={"closed": "s:closed"}) as driver:
        await driver.press("slash", "=@cloud")
        assert "no saved filter @cloud, so it is text" in driver.status
        await driver.press("enter")
        assert "; no saved filter @cloud, so it is text" in driver.status
        await driver.press("slash", "=@x.org")
        assert "no saved filter" not in driver.status


async def test_what_was_not_read_is_said_until_a_scan_has_read_it(start: Start) -> None:
    async with start(120, 24) as driver:
        threads = driver.browse.threads
        first = driver.thread()
        threads.list.findings.set(first.id, {Predicate.UNANSWERED: None})
        await driver.press("slash")
        await driver.paste("is:unanswered")
        await driver.press("enter")
        assert driver.threads() == [first]
        left = threads.loaded - 1
        said = (
            f"1 of {threads.loaded} loaded, more exist; {left} not read for is:unanswered: P scans"
        )
        assert said in driver.status
        driver.browse.scanning.action_scan()
        await driver.settle()
        assert "not read" not in threads.amount
        found = [threads.list.findings.of(row.id) for row in driver.threads()]
        assert all(each and Predicate.UNANSWERED in each for each in found)


async def test_typing_an_operator_leaves_the_cursor_where_it_was(start: Start) -> None:
    async with start(120, 24) as driver:
        await driver.press("down")
        first = driver.thread()
        await driver.press("slash", *"is")
        assert first not in driver.threads()
        await driver.press("colon")
        assert driver.thread() == first
        await driver.press("down")
        moved = driver.thread()
        await driver.press("u", "escape")
        assert driver.thread() == moved != first
        await driver.press("slash", *"is", "enter", "slash", "colon")
        assert driver.thread() != moved
