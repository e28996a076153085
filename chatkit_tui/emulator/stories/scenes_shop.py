"""Scenes of a shop's day: orders, parcels, returns, stock.

`$order`, `$name` and the like are filled in when a step is looked at.
"""

from __future__ import annotations

from chatkit_tui.emulator.stories.telling import (
    Scene,
    assistant,
    call,
    document,
    group,
    image,
    task,
    thought,
    user,
    widget,
)

_WHERE_IS_IT = Scene(
    "Where is order $order?",
    (
        user("Can you see where order $order is? $name in $city has asked twice now."),
        call(
            "find_shipment",
            {"order": "$order"},
            {"carrier": "$carrier", "tracking": "$tracking", "state": "in_transit"},
        ),
        assistant(
            "The parcel is with **$carrier** (`$tracking`) and left the sorting centre last "
            "night. They promise it for **$weekday, $slot**.\n\n"
            "Shall I write to $name with the tracking link?"
        ),
        user("Yes please, and keep it short.", gap=40),
        task("Message sent", "To $name: tracking link of order $order, delivery on $weekday."),
        assistant("Sent. I will look again on $weekday evening and tell you if it is late."),
    ),
)

_RETURN = Scene(
    "Return of a $product",
    (
        user(
            "$name wants to send back the $product from order $order, it $reason.",
            attached=(image("return-$order.jpg", "image/jpeg"),),
        ),
        thought(
            "Checking the return window",
            "Bought less than 30 days ago, so the standard policy covers it. The picture shows "
            "the fault, no further question is needed.",
        ),
        assistant(
            "Covered by the 30-day policy. What I would do:\n\n"
            "1. Return label by $carrier, paid by us\n"
            "2. Refund of **€$amount** when the parcel is scanned, not when it arrives\n"
            "3. A note on the batch, because this is the second one this month\n\n"
            "> The customer does not have to print anything: the code on the phone is enough.",
            sources=("returns-policy.pdf",),
        ),
        user("Do 1 and 2. I will talk to the supplier myself.", gap=130),
        call(
            "create_return",
            {
                "order": "$order",
                "label": "$carrier",
                "refund": {"amount": "$amount", "currency": "EUR"},
            },
            {"return_id": "RT-$order", "label_url": "https://labels.example.com/RT-$order.pdf"},
        ),
        assistant("Label sent to $name. The return is `RT-$order`."),
    ),
)

_STOCK = Scene(
    "Stock of the $product",
    (
        user(
            "How many pieces of the $product are left, and will they last until the next delivery?"
        ),
        group(
            ("custom", "Read the stock", "$count pieces in $city, none on the way"),
            ("custom", "Read the sales of the last 30 days", "$percent pieces"),
            ("thought", "Compare", "The usual rate empties the shelf before the delivery."),
        ),
        assistant(
            "| Where | Pieces | Lasts until |\n|---|---:|---|\n"
            "| $city | $count | $weekday |\n| Web reserve | 4 | – |\n\n"
            "Not enough: the next delivery is booked for **$weekday in two weeks**. Options:\n\n"
            "- move the web reserve to $city\n- show *ships in 10 days* from tomorrow\n"
            "- take it out of the newsletter"
        ),
        user("Show the 10 days, and take it out of the newsletter.", gap=75),
        task("Product page changed", "Delivery time of the $product: 10 days"),
        assistant("Both done. The page is live, the newsletter draft is saved for your review."),
    ),
)

_INVOICE = Scene(
    "Invoice for order $order",
    (
        user(
            "$name needs the invoice of $order again, with the company's VAT number on it.",
            attached=(document("vat-certificate-$order.pdf"),),
        ),
        call("read_document", {"file": "vat-certificate-$order.pdf"}, {"valid": True, "pages": 1}),
        assistant(
            "The certificate is valid. A corrected invoice needs a *credit note* first, because "
            "the old one has been reported already:\n\n"
            "```text\nINV-$order     €$amount   cancelled\n"
            "CN-$order     -€$amount   new\nINV-$order-A   €$amount   new\n```\n\n"
            "Go ahead?"
        ),
        user("Go ahead.", gap=20),
        task("Documents issued", "CN-$order and INV-$order-A, sent to $name"),
    ),
)

_PARCEL_WIDGET = Scene(
    "Delivery of order $order to $city",
    (
        user("Where do we stand with $order? Give me the card."),
        widget(
            {
                "type": "Card",
                "size": "md",
                "status": {"text": "Tracked by $carrier", "icon": "cube"},
                "children": [
                    {"type": "Title", "value": "Order $order", "size": "md"},
                    {
                        "type": "Row",
                        "justify": "between",
                        "children": [
                            {"type": "Text", "value": "$product"},
                            {"type": "Text", "value": "€$amount", "weight": "semibold"},
                        ],
                    },
                    {
                        "type": "Box",
                        "background": "alpha-10",
                        "height": 6,
                        "children": [
                            {
                                "type": "Box",
                                "background": "blue-500",
                                "width": "$percent%",
                                "height": 6,
                            }
                        ],
                    },
                    {"type": "Caption", "value": "To $city, $weekday $slot"},
                    {
                        "type": "Button",
                        "label": "Move to another day",
                        "onClickAction": {"type": "delivery.move", "payload": {"order": "$order"}},
                    },
                ],
            }
        ),
        assistant("It is on its way; the bar shows how far."),
    ),
)

_DISCOUNT = Scene(
    "Discount for the $product campaign",
    (
        user(
            "What would $percent % off the $product cost us next week?",
            model="gpt-5-mini",
            tool="sales_forecast",
        ),
        thought("Estimating the uplift", "Last campaign at a similar rate sold 2.3 times as many."),
        assistant(
            "With the uplift of the last campaign:\n\n"
            "    pieces    2.3 × $count\n    price     €$amount\n    discount  $percent %\n\n"
            "In words: you would sell about **twice as many** and give away roughly a day's "
            "turnover. Below 25 % it has paid off so far.",
            sources=("campaigns-2025.xlsx", "https://shop.example.com/reports/uplift"),
        ),
        user("Then 20 %, from $weekday.", gap=160),
        call(
            "schedule_discount",
            {"product": "$product", "percent": 20, "from": "$weekday"},
            {"scheduled": True},
        ),
        assistant("Scheduled: 20 % off the $product from $weekday, for seven days."),
    ),
)

SHOP_SCENES = (_WHERE_IS_IT, _RETURN, _STOCK, _INVOICE, _PARCEL_WIDGET, _DISCOUNT)
