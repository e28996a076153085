"""Threads that are unusual in form: empty, very long, very short, strange."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import AMELIE, DEV, MIRA, NOA, TOBIAS, YUMI
from chatkit_tui.emulator.stories.telling import (
    DAY,
    HOUR,
    MINUTE,
    Story,
    assistant,
    call,
    closed,
    document,
    image,
    task,
    thought,
    user,
)

LONG_TITLE = "Glasswerk shop desk, day by day"
"""The title of the thread of 2,000 items."""

EMPTY_TITLE = "Opened and never used"
"""The title of the thread without items."""

ODD_STORIES = (
    Story(
        title=LONG_TITLE,
        user=MIRA,
        ago=79 * DAY,
        runs_on_to=2000,
        steps=(
            user(
                "Hello! From today this is our one conversation for everything about the shop. "
                "Orders, returns, stock, the lot. Agreed?",
                gap=0,
            ),
            assistant(
                "Agreed. I keep track of what is open and tell you when something is late. For "
                "the start I know:\n\n- the catalogue (1,872 products)\n- the carriers\n"
                "- your returns policy\n\nWhat comes first?",
                sources=("returns-policy.pdf",),
            ),
        ),
    ),
    Story(title=EMPTY_TITLE, user=NOA, ago=3 * HOUR + 2 * MINUTE, steps=()),
    Story(
        title=None,
        user=DEV,
        ago=33 * MINUTE,
        steps=(user("test", gap=0), assistant("I'm here. What can I do for you?")),
    ),
    Story(
        title=None,
        user=YUMI,
        ago=18 * HOUR,
        status=closed("Spam"),
        steps=(
            user("🎁🎁🎁 You have WON!!! Click ➡️ http://win.example.net/?id=000 ⬅️", gap=0),
            assistant("This does not look like a question about an order. I'm closing it."),
        ),
    ),
    Story(
        title=(
            "A question about the order with the two parcels of which only one arrived although "
            "both were paid for and the second was said to have been sent back to a warehouse in "
            "a country that I do not live in"
        ),
        user=AMELIE,
        ago=13 * HOUR,
        steps=(
            user("See the title 😅", gap=0),
            thought("Reading the title", None),
            call("find_shipment", {"order": "60412", "parcel": 2}),
            assistant("I'm looking for the second parcel now."),
        ),
    ),
    Story(
        title="Twelve pictures, no words",
        user=TOBIAS,
        ago=25 * DAY + 6 * HOUR,
        status=closed(),
        steps=(
            user(
                attached=(
                    *(image(f"IMG_{number}.jpg", "image/jpeg") for number in range(4410, 4421)),
                    document("read me first.txt", "text/plain"),
                ),
                gap=0,
            ),
            assistant("Thank you for the pictures. What would you like me to do with them?"),
            user("Sorry, wrong window.", gap=60),
        ),
    ),
    Story(
        title="Everything at once",
        user=NOA,
        ago=26 * DAY,
        status=closed("Resolved"),
        steps=(
            user(
                "Please do all of these: cancel 60118, move 60119 to Friday, refund 60120.", gap=0
            ),
            call("cancel_order", {"order": "60118"}, {"cancelled": True}, gap=0),
            call("move_delivery", {"order": "60119", "to": "2026-02-20"}, {"moved": True}, gap=0),
            call("refund_payment", '{"order_id": "60120", "amount": 31.4', {"ok": False}, gap=0),
            task("Two of three done", "The refund was asked for with half a request", gap=0),
            call("refund_payment", {"order_id": "60120", "amount": "31.40"}, {"ok": True}, gap=0),
            assistant("All three are done, the refund at the second try.", gap=0),
        ),
    ),
)
