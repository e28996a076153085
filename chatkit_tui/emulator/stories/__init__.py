"""The sample data: sixty conversations of eight people, each told in a file by subject."""

from __future__ import annotations

from chatkit_tui.emulator.stories.accounts import ACCOUNT_STORIES
from chatkit_tui.emulator.stories.billing import BILLING_STORIES
from chatkit_tui.emulator.stories.household import HOUSEHOLD_STORIES
from chatkit_tui.emulator.stories.integrations import INTEGRATION_STORIES
from chatkit_tui.emulator.stories.oddities import EMPTY_TITLE, LONG_TITLE, ODD_STORIES
from chatkit_tui.emulator.stories.onboarding import ONBOARDING_STORIES
from chatkit_tui.emulator.stories.orders import ORDER_STORIES
from chatkit_tui.emulator.stories.outages import OUTAGE_STORIES
from chatkit_tui.emulator.stories.telling import Story
from chatkit_tui.emulator.stories.travel import TRAVEL_STORIES

__all__ = ["EMPTY_TITLE", "LONG_TITLE", "STORIES"]

STORIES: tuple[Story, ...] = (
    *TRAVEL_STORIES,
    *ORDER_STORIES,
    *BILLING_STORIES,
    *INTEGRATION_STORIES,
    *ONBOARDING_STORIES,
    *OUTAGE_STORIES,
    *ACCOUNT_STORIES,
    *HOUSEHOLD_STORIES,
    *ODD_STORIES,
)
"""In no order of time; the library puts them into it."""
