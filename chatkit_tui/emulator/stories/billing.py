"""Invoices, plans and payments."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import DEV, INES, NOA, OMAR, TOBIAS, YUMI
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
    locked,
    task,
    thought,
    user,
    widget,
)
from chatkit_tui.emulator.stories.widget_trees import price_table

BILLING_STORIES = (
    Story(
        title="Charged twice for February",
        user=NOA,
        ago=1 * HOUR + 12 * MINUTE,
        steps=(
            user(
                "My card was charged €24.00 twice on 1 March, same second as far as I can see.",
                attached=(document("statement-march.csv", "text/csv"),),
                gap=0,
            ),
            call(
                "list_charges",
                {"customer": "cus_8120", "from": "2026-03-01", "to": "2026-03-02"},
                {
                    "charges": [
                        {
                            "id": "ch_1",
                            "amount": 2400,
                            "created": 1772323201,
                            "status": "succeeded",
                        },
                        {
                            "id": "ch_2",
                            "amount": 2400,
                            "created": 1772323201,
                            "status": "uncaptured",
                        },
                    ]
                },
            ),
            thought(
                "Two rows, one charge",
                "ch_2 is an authorisation that was never captured. The bank shows it as a charge "
                "until it lapses, seven days after 1 March. That was four days ago.",
            ),
            assistant(
                "Only one of the two was ever collected. The other is a *reservation* that your "
                "bank should have dropped on **8 March**:\n\n"
                "| | Amount | State | What it is |\n|:--|--:|:-:|---|\n"
                "| `ch_1` | €24.00 | collected | your February plan |\n"
                "| `ch_2` | €24.00 | reserved | a second try after a time-out |\n\n"
                "I have told the bank to release it. If it is still there on Monday, write here "
                "again and we pay it back from our side.",
                sources=("payments-handbook.pdf", "https://bank.example.com/reservations"),
            ),
            user("OK. I'll look on Monday.", gap=4 * MINUTE),
        ),
    ),
    Story(
        title="Rechnung mit falscher Umsatzsteuer",
        user=TOBIAS,
        ago=2 * DAY + 20 * MINUTE,
        status=closed("Korrigierte Rechnung verschickt"),
        steps=(
            user(
                "Auf RE-2026-0311 stehen 19 % statt 0 %. Wir sitzen in Österreich und haben die "
                "UID hinterlegt (ATU73112109).",
                attached=(document("RE-2026-0311.pdf"),),
                gap=0,
            ),
            group(
                ("custom", "UID geprüft", "ATU73112109: gültig, Firma stimmt überein"),
                ("custom", "Rechnung gelesen", "19 %, UID fehlt im Kopf"),
                ("thought", None, "Die UID kam erst nach dem Rechnungslauf ins Konto."),
            ),
            assistant(
                "Sie haben recht: Die UID kam am 2. März dazu, die Rechnung ist vom 1. März. Ich "
                "habe sie **storniert und neu ausgestellt**:\n\n"
                "1. `ST-2026-0311` Storno über −142,80 €\n"
                "2. `RE-2026-0347` neu über 120,00 €, *Steuerschuldnerschaft des "
                "Leistungsempfängers*\n\n"
                "Die 22,80 € sind auf dem Weg zu Ihnen.",
                sources=("https://ec.europa.eu/taxation_customs/vies", "umsatzsteuer-eu.md"),
            ),
            user("Sehr schnell, danke!", gap=8 * MINUTE),
        ),
    ),
    Story(
        title="Which plan for 14 people with single sign-on?",
        user=DEV,
        ago=5 * DAY + 3 * HOUR,
        status=closed(),
        steps=(
            user(
                "14 seats, we need SSO and some kind of audit log. What would you take?",
                model="gpt-5-mini",
                tool="price_calculator",
                gap=0,
            ),
            widget(price_table(), gap=4),
            assistant(
                "**Business.** It has single sign-on and 90 days of audit log; *Enterprise* adds "
                "nothing you asked for and costs €1,512 more a year.\n\n"
                "If your auditors want more than 90 days, export the log every month:\n\n"
                "```sh\n"
                'curl -sS -H "Authorization: Bearer $TOKEN" \\\n'
                "  'https://api.example.com/v2/audit?from=2026-02-01&to=2026-03-01' \\\n"
                "  | gzip > audit-2026-02.jsonl.gz\n"
                "```",
                sources=("https://example.com/plans",),
            ),
            user("Makes sense. How do we switch?", gap=12 * MINUTE),
            assistant("*Settings → Billing → Change plan.* You pay the difference by the day."),
        ),
    ),
    Story(
        title="請求書の宛名を変更したい",
        user=YUMI,
        ago=8 * DAY + 2 * HOUR,
        status=closed("解決済み"),
        steps=(
            user("先月分の請求書の宛名を「株式会社みどり」に変えられますか。", gap=0),
            assistant(
                "はい、発行から60日以内でしたら**再発行**できます。\n\n"
                "- 旧: 佐藤 由美 様\n- 新: **株式会社みどり 御中**\n\n"
                "金額と番号はそのままでよろしいですか？"
            ),
            user("はい。番号には「-A」を付けてください。", gap=50),
            call(
                "reissue_invoice",
                {"invoice": "INV-2026-0219", "name": "株式会社みどり", "suffix": "-A"},
                {"invoice": "INV-2026-0219-A", "pages": 1},
            ),
            assistant("`INV-2026-0219-A` を発行し、メールでお送りしました。"),
        ),
    ),
    Story(
        title="Card declined although there is money on it",
        user=OMAR,
        ago=16 * HOUR,
        status=locked(),
        steps=(
            user("Payment of $310 fails every time. My bank says nothing reaches them.", gap=0),
            call(
                "charge_attempts", {"customer": "cus_2207"}, {"attempts": 6, "blocked_by": "rules"}
            ),
            thought(
                "Blocked before the bank",
                "Six tries in ten minutes from two countries. The fraud rule stopped all after "
                "the second. This is for a person to decide.",
            ),
            assistant(
                "Your bank is right: *our* fraud check stopped it, because the tries came from two "
                "countries within ten minutes. Are you travelling, or behind a VPN?\n\n"
                "I have handed this to a colleague. Please don't try again until then; every try "
                "makes the block longer."
            ),
            user("VPN, yes. Waiting.", gap=90),
        ),
    ),
    Story(
        title="¿Por qué ha subido mi cuota?",
        user=INES,
        ago=10 * DAY + 5 * HOUR,
        status=closed("Resuelto"),
        steps=(
            user("Pagaba 12 € y este mes me habéis cobrado 15 €. No recuerdo ningún aviso.", gap=0),
            call(
                "price_history",
                {"customer": "cus_3391"},
                {"2025-03": 12, "2026-03": 15, "reason": "fin de la oferta de bienvenida"},
            ),
            assistant(
                "Los 12 € eran la oferta del **primer año**, que terminó el 28 de febrero. El "
                "aviso salió el 1 de febrero a una dirección que ya no usa, y eso es culpa "
                "nuestra: le mantengo los 12 € **hasta junio**."
            ),
            user("Eso sí que es atención. Gracias.", gap=3 * MINUTE),
            task("Descuento aplicado", "3 € al mes hasta el 30 de junio de 2026"),
        ),
    ),
)
