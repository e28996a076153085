"""Scenes of a shop's correspondence: customers in other languages, suppliers, colleagues.

`$order`, `$name` and the like are filled in when a step is looked at.
"""

from __future__ import annotations

from chatkit_tui.emulator.stories.telling import (
    Scene,
    assistant,
    call,
    document,
    image,
    task,
    thought,
    user,
    widget,
)

_LETTER = Scene(
    "Letter from $city in $language",
    (
        user(
            "A letter in $language from $city. What does it say, and do we have to answer?",
            attached=(image("letter-$day.png"),),
        ),
        task("Read the letter", "$language, one page, handwritten, signed $name"),
        assistant(
            "It is from **$name**, about the $product:\n\n"
            "> I have had it for a year and use it every day. It $reason, but I mended it "
            "myself. I only wanted to say that your people on the telephone were kind.\n\n"
            "No answer is needed. One would be nice."
        ),
        user("Then let's be nice. Two lines, in $language, with a voucher of €10.", gap=140),
        call("create_voucher", {"amount": 10, "for": "$name"}, {"code": "DANKE-$order"}),
        assistant("Written and printed, with the voucher `DANKE-$order`. It needs your signature."),
    ),
)

_SUPPLIER = Scene(
    "New prices for the $product",
    (
        user(
            "The supplier wants $percent % more for the $product from next month. Reasonable?",
            attached=(document("price-list-$day.pdf"),),
        ),
        thought(
            "Comparing with the market",
            "Two other suppliers list it at the old price; freight rose by a tenth.",
        ),
        assistant(
            "Only in part. Freight explains **about 10 %**; the two others have not moved.\n\n"
            "1. Offer 10 % now and a talk in autumn\n"
            "2. Order $count at the old price before the end of the month\n"
            "   - that lasts for nine weeks\n   - there is room for it in $city",
            sources=(
                "price-list-$day.pdf",
                "https://market.example.com/freight",
                "price-list-$day.pdf",
            ),
        ),
        user("2 first, then 1.", gap=320),
        call(
            "place_order",
            {"product": "$product", "quantity": "$count", "price": "$amount"},
            '{"accepted": true, "reference": "PO-$order", "lines": [',
        ),
        assistant(
            "Ordered as `PO-$order`. The confirmation broke off in the middle, so I asked for it "
            "by mail as well."
        ),
    ),
)

_ROTA = Scene(
    "Who packs on $weekday?",
    (
        user("$name is ill. Who can pack on $weekday, $slot?"),
        widget(
            {
                "type": "ListView",
                "status": {"text": "$weekday, $slot"},
                "children": [
                    {
                        "type": "ListViewItem",
                        "onClickAction": {"type": "rota.ask", "payload": {"who": who}},
                        "children": [
                            {"type": "Text", "value": who},
                            {"type": "Badge", "label": label, "color": color},
                        ],
                    }
                    for who, label, color in (
                        ("Wanjiru", "free", "success"),
                        ("Mateusz", "on leave", "secondary"),
                        ("Solveig", "until noon", "warning"),
                    )
                ],
            }
        ),
        assistant("Wanjiru is free for the whole slot and has said yes before."),
        user("Ask her.", gap=15),
        task("Asked Wanjiru", "She said yes after four minutes"),
    ),
)

_COMPLAINT = Scene(
    "$name is not happy",
    (
        user(
            "How would you answer that?",
            quote="I have ordered here for six years and never waited $count days for a $product. "
            "Nobody told me anything.",
        ),
        thought(
            "Tone",
            "A loyal customer who is hurt more by silence than by the delay. No template, no "
            "excuse, one clear offer.",
        ),
        assistant(
            "Something like this:\n\n"
            "> Dear $name,\n>\n> you are right: we should have written on the second day, and we "
            "did not. Your $product left $city this morning with $carrier, `$tracking`.\n>\n"
            "> Six years are a long time. The postage of this order and the next is on us.\n\n"
            "Shall I put your name under it?"
        ),
        user("Yes, and send it.", gap=90),
        task("Mail sent", "To $name, about order $order"),
    ),
)

PEOPLE_SCENES = (_LETTER, _SUPPLIER, _ROTA, _COMPLAINT)
