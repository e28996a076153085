"""Orders that went wrong, and what became of them."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import AMELIE, DEV, INES, MIRA, TOBIAS
from chatkit_tui.emulator.stories.telling import (
    DAY,
    HOUR,
    MINUTE,
    Story,
    assistant,
    call,
    closed,
    document,
    group,
    image,
    locked,
    task,
    thought,
    user,
    widget,
)
from chatkit_tui.emulator.stories.widget_trees import order_card

ORDER_STORIES = (
    Story(
        title="Lamp arrived broken, refund wanted",
        user=MIRA,
        ago=2 * DAY + 3 * HOUR,
        status=closed("Refund confirmed by the customer"),
        steps=(
            user(
                "Hi, my desk lamp came today and the glass shade is in four pieces. The box "
                "itself looks fine, so I think it was packed like that. Order 58213.",
                attached=(
                    image("lamp box.jpg", "image/jpeg"),
                    image("shade, four pieces.jpg", "image/jpeg"),
                ),
                gap=0,
            ),
            thought(
                "Looking at the pictures",
                "The outer box has no dents. The inner cardboard collar that should hold the "
                "shade is missing, so the break most likely happened before shipping.",
            ),
            call(
                "get_order",
                {"order_id": "58213", "include": ["items", "payments"]},
                {
                    "order_id": "58213",
                    "placed": "2026-03-04",
                    "items": [{"sku": "LMP-OAK-02", "name": "Oak desk lamp", "price": "89.00"}],
                    "payments": [{"method": "card", "last4": "4417", "amount": "89.00"}],
                },
            ),
            assistant(
                "I'm sorry, Mira. The collar that should have held the shade is missing from the "
                "box, so this is our mistake and not the carrier's.\n\n"
                "You can choose:\n\n"
                "1. **A new shade**, with you by Friday\n"
                "2. **A new lamp**, with you by Tuesday\n"
                "3. **Your money back**, €89.00 to the card ending in 4417\n\n"
                "You don't have to send anything back in any of these cases.",
                sources=("damaged-goods-policy.pdf", "damaged-goods-policy.pdf"),
            ),
            user(
                "Money back please, I bought another one already. Sorry!",
                quote="Your money back, €89.00 to the card ending in 4417",
                gap=4 * MINUTE,
            ),
            call(
                "refund_payment",
                {"order_id": "58213", "amount": "89.00", "reason": "damaged_before_shipping"},
                {"refund_id": "re_20931", "status": "pending", "expected": "2026-03-13"},
            ),
            assistant(
                "No need to be sorry. The refund is on its way:\n\n"
                "| | |\n|---|---|\n| Amount | €89.00 |\n| To | card ending in 4417 |\n"
                "| Reference | `re_20931` |\n| With you | by 13 March |\n\n"
                "I've also told the packing team about the collar."
            ),
            user("Great, that was quick. Thank you 🙏", gap=35),
        ),
    ),
    Story(
        title="Parcel says delivered, nothing here",
        user=TOBIAS,
        ago=20 * HOUR,
        steps=(
            user(
                "Tracking says delivered 11:42, signed by 'neighbour'. I've asked all my "
                "neighbours. Nobody has it.",
                gap=0,
            ),
            group(
                ("custom", "Asked the carrier", "Delivered 11:42, code N: handed to a neighbour"),
                ("custom", "Looked at the position of the scan", "180 m from the address"),
                (
                    "thought",
                    "What this means",
                    "The scan is on the parallel street. House numbers there are the same, and "
                    "the driver was new on this route.",
                ),
            ),
            widget(order_card(), gap=1),
            assistant(
                "The scan was made about 180 m from your door, in *Lindenweg*, not *Lindenstraße*. "
                "I have opened an inquiry with the carrier; the driver has to answer by noon "
                "tomorrow.\n\nIf you would rather not wait, I can send the order again now.",
                sources=("https://carrier.example.com/track/00340434161094021501",),
            ),
            user("Wait, there IS a Lindenweg 12. I'll go and ring there.", gap=6 * MINUTE),
            call("open_inquiry", {"tracking": "00340434161094021501", "kind": "misdelivery"}),
        ),
    ),
    Story(
        title=None,
        user=INES,
        ago=26 * MINUTE,
        steps=(
            user("¿Puedo cambiar la dirección de un pedido que ya salió?", gap=0),
            assistant(
                "Depende de la empresa de transporte. Si me dice el número del pedido, lo "
                "compruebo ahora mismo."
            ),
        ),
    ),
    Story(
        title="Commande 60177 : mauvaise taille reçue",
        user=AMELIE,
        ago=1 * DAY + 2 * HOUR,
        status=locked("En attente du retour du colis"),
        steps=(
            user(
                "Bonjour, j'ai commandé les chaussons en 38 et j'ai reçu du 41. Est-ce que je "
                "peux garder le colis jusqu'à l'échange ?",
                gap=0,
            ),
            assistant(
                "Bonjour Amélie, désolée pour cette erreur. Oui : le 38 part **aujourd'hui**, et "
                "vous remettez le 41 au livreur *à l'échange*. Rien à payer, rien à imprimer.\n\n"
                "> L'échange est possible pendant 30 jours, emballage ouvert ou non.",
                sources=("conditions-echange.pdf",),
            ),
            user("Parfait, merci beaucoup !", gap=3 * MINUTE),
            task("Échange créé", "Colis 38 remis à Colissimo, passage prévu jeudi matin"),
        ),
    ),
    Story(
        title="Bulk order: 240 mugs with our logo",
        user=DEV,
        ago=9 * DAY,
        status=closed(),
        steps=(
            user(
                "We need 240 enamel mugs with our logo for a conference on 20 March. Is that "
                "possible, and what does it cost?",
                attached=(document("logo-final-FINAL-2.svg", "image/svg+xml"),),
                gap=0,
            ),
            thought("Checking the file", "Two colours, all paths, fit for screen printing."),
            assistant(
                "Yes, if the proof is approved by **Wednesday**.\n\n"
                "| Pieces | One colour | Two colours |\n|---:|---:|---:|\n"
                "| 100 | €6.90 | €7.80 |\n| **240** | **€5.70** | **€6.40** |\n"
                "| 500 | €4.95 | €5.60 |\n\n"
                "Your logo has two colours, so that is 240 × €6.40 = **€1,536.00**, delivery "
                "included. Details:\n\n"
                "- Print\n  - screen print, dishwasher-safe\n  - up to 80 × 60 mm\n"
                "- Time\n  1. proof: 1 day\n  2. print: 5 days\n  3. delivery: 2 days",
                sources=("https://shop.example.com/b2b/prices", "printing-guide.pdf"),
            ),
            user("Approved. Please go on.", gap=2 * HOUR),
        ),
    ),
)
