"""The widgets that the stories show."""

from __future__ import annotations

from chatkit_tui.emulator.stories.telling import JSON


def order_card() -> dict[str, JSON]:
    """An order with a bar that shows how far it is."""
    return {
        "type": "Card",
        "size": "md",
        "status": {"text": "Inquiry open", "icon": "truck"},
        "children": [
            {
                "type": "Row",
                "justify": "between",
                "children": [
                    {"type": "Title", "value": "Order 61940", "size": "md"},
                    {"type": "Badge", "label": "Delivered?", "color": "warning"},
                ],
            },
            {"type": "Divider"},
            {
                "type": "Row",
                "gap": 3,
                "children": [
                    {
                        "type": "Image",
                        "src": "https://shop.example.com/images/hammock-blue.jpg",
                        "alt": "Blue cotton hammock between two trees",
                        "size": 64,
                    },
                    {
                        "type": "Col",
                        "children": [
                            {"type": "Text", "value": "Cotton hammock, blue", "weight": "semibold"},
                            {"type": "Caption", "value": "1 × €74.50 · DHL 00340434161094021501"},
                        ],
                    },
                ],
            },
            {
                "type": "Box",
                "background": "alpha-10",
                "radius": "full",
                "height": 6,
                "children": [
                    {"type": "Box", "background": "blue-500", "width": "90%", "height": 6}
                ],
            },
            {
                "type": "Row",
                "justify": "between",
                "children": [
                    {"type": "Caption", "value": "Ordered 5 March"},
                    {"type": "Caption", "value": "Handed over 12 March, 11:42"},
                ],
            },
        ],
        "confirm": {
            "label": "Send again",
            "action": {"type": "order.resend", "payload": {"order": "61940", "reason": "lost"}},
        },
        "cancel": {
            "label": "I found it",
            "action": {"type": "inquiry.close", "payload": {"order": "61940"}},
        },
    }
