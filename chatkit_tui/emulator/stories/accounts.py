"""Accounts, privacy and safety."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import AMELIE, INES, MIRA, NOA, OMAR, TOBIAS, YUMI
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
    locked,
    task,
    thought,
    user,
    widget,
)
from chatkit_tui.emulator.stories.widget_forms import mail_draft, phishing_quiz

ACCOUNT_STORIES = (
    Story(
        title="Security training: spot the fake mail",
        user=NOA,
        ago=8 * HOUR + 20 * MINUTE,
        steps=(
            user("Start my yearly security training please.", model="gpt-5", tool="quiz", gap=0),
            assistant(
                "Three questions, two minutes. Nobody sees your answers but you.\n\n"
                "> In doubt, report it. A false alarm costs nothing."
            ),
            widget(phishing_quiz()),
            user("Report it", gap=25),
            user("login.bank.example.com", gap=18),
            user("Change it and tell IT", gap=9),
            call(
                "quiz_result", {"quiz": "phishing-2026", "answers": ["b", "b", "a"]}, {"score": 3}
            ),
            assistant("**3 of 3.** See you in March 2027 🎓"),
        ),
    ),
    Story(
        title="Mail to the supplier about the broken shades",
        user=MIRA,
        ago=1 * DAY + 20 * HOUR,
        status=closed(),
        steps=(
            user(
                "Write to Glasswerk that batch 0226 has no collars. Friendly but firm.",
                attached=(document("photos.zip", "application/zip"),),
                gap=0,
            ),
            widget(mail_draft(), gap=5),
            assistant("Here is a draft; both fields can be changed before you send it."),
            user("Good. Sent.", gap=2 * MINUTE),
            task("Mail sent", "suppliers@glasswerk.example, 10 March, 13:58"),
        ),
    ),
    Story(
        title="Auskunft nach Art. 15 DSGVO",
        user=TOBIAS,
        ago=6 * DAY + 5 * HOUR,
        status=locked("Identität wird geprüft"),
        steps=(
            user("Ich möchte wissen, welche Daten Sie über mich gespeichert haben.", gap=0),
            assistant(
                "Gern, innerhalb eines Monats (Art. 12 Abs. 3 DSGVO), meist in drei Tagen.\n\n"
                "Sie bekommen:\n\n1. Stammdaten\n2. Bestellungen und Zahlungen\n"
                "3. Gespräche wie dieses\n4. *wer* die Daten bekommen hat\n\n"
                "Zuvor prüfen wir, ob Sie es sind; dafür kommt ein Brief.",
                sources=(
                    "https://eur-lex.europa.eu/eli/reg/2016/679/oj#art_15",
                    "datenschutz.pdf",
                ),
            ),
            user("Einverstanden.", gap=70),
        ),
    ),
    Story(
        title="Two-factor app on the old phone",
        user=INES,
        ago=3 * DAY + 9 * HOUR,
        status=closed("Resolved"),
        steps=(
            user("New phone, the codes are on the old one, the old one is in a lake. 📱🌊", gap=0),
            thought("Is it her?", "Known device, known network, recovery mail confirmed in May."),
            assistant(
                "I'm sorry about the phone. I've sent a code to your recovery address "
                "(`i•••@example.com`). Type it here within ten minutes."
            ),
            user("302 118", gap=95),
            call(
                "reset_second_factor",
                {"user": "ines_villanueva", "proof": "recovery_mail"},
                {"reset": True, "sessions_closed": 2},
            ),
            assistant(
                "Correct. Your next login lets you set up the new phone; old codes are void."
            ),
        ),
    ),
    Story(
        title="删除我的账户和所有数据",
        user=YUMI,
        ago=12 * DAY + 6 * HOUR,
        status=closed("账户已删除"),
        steps=(
            user("我想删除账户以及所有数据，请问需要多久？", gap=0),
            assistant(
                "您的账户会**立即**停用，数据在*30天*内删除。\n\n"
                "| 数据 | 何时删除 |\n|---|---|\n| 个人资料 | 立即 |\n| 聊天记录 | 7天 |\n"
                "| 发票 | 法律要求保留10年 |\n\n30天内您可以改变主意。确定吗？",
                sources=("隐私政策.pdf",),
            ),
            user("确定。", gap=40),
            call(
                "delete_account",
                {"user": "佐藤 由美", "keep": ["invoices"]},
                {"scheduled": "2026-03-30"},
            ),
            assistant("已安排。最后一封确认邮件会在3月30日发给您。"),
        ),
    ),
    Story(
        title="Someone ordered with my account",
        user=OMAR,
        ago=16 * DAY + 3 * HOUR,
        status=closed("Refunded, reported to the police"),
        steps=(
            user(
                "Two orders I never made, to an address in another country. €780!",
                attached=(image("orders.png"), document("police-report.pdf")),
                gap=0,
            ),
            call("freeze_account", {"user": "7c9e6679"}, {"frozen": True, "orders_stopped": 1}),
            thought(
                "How they got in",
                "The password was in a leak of another shop in 2024; it was used here as well.",
            ),
            assistant(
                "Your account is **frozen**. One order could still be stopped; the other, €312, is "
                "refunded.\n\n1. Choose a new password, used nowhere else\n"
                "2. Switch the second factor on\n3. Tell your bank as well",
                sources=("https://haveibeenpwned.com", "police-report.pdf"),
            ),
            user("Done all three. Thanks for acting so fast.", gap=25 * MINUTE),
        ),
    ),
    Story(
        title="Nom de famille changé après mariage",
        user=AMELIE,
        ago=22 * DAY,
        status=closed(),
        steps=(
            user("Je m'appelle maintenant Durand-Keller 💍 Que faut-il changer ?", gap=0),
            assistant(
                "Toutes nos félicitations ! Une seule chose : *Profil → Nom*. Factures et billets "
                "suivent ; l'adresse e-mail reste la même."
            ),
        ),
    ),
)
