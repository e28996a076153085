"""First steps of new customers."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import AMELIE, DEV, INES, MIRA, OMAR, TOBIAS, YUMI
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
from chatkit_tui.emulator.stories.widget_trees import task_list

ONBOARDING_STORIES = (
    Story(
        title="What is left before we go live?",
        user=INES,
        ago=4 * HOUR + 15 * MINUTE,
        steps=(
            user("We want to open the shop on Tuesday. What is still missing?", gap=0),
            group(
                ("custom", "Domain", "points here, certificate valid until June"),
                ("custom", "Taxes", "ES and PT entered"),
                ("custom", "Test order", "sent on 10 March, refunded"),
                ("custom", "Terms", "still the template"),
                ("custom", "Front page", "behind a password"),
            ),
            widget(task_list()),
            assistant(
                "Two of five are open. The terms are **not optional**: the template says so "
                "itself, in its first line.\n\n"
                "| Step | Who | How long |\n|---|---|---|\n"
                "| Terms | a lawyer | 2–3 days |\n| Password | you | one click |\n",
                sources=("launch-checklist.md", "https://docs.example.com/launch"),
            ),
            user("I have a lawyer friend, she does it tonight 💪", gap=6 * MINUTE),
        ),
    ),
    Story(
        title="Umzug von einem anderen System",
        user=TOBIAS,
        ago=7 * DAY + 2 * HOUR,
        status=closed("Umzug abgeschlossen"),
        steps=(
            user(
                "Wir kommen von einem anderen Anbieter: 3.200 Tickets, 14 Agenten, Makros. Wie "
                "läuft das am besten?",
                attached=(
                    document("export.zip", "application/zip"),
                    image("makros.webp", "image/webp"),
                ),
                gap=0,
            ),
            call(
                "inspect_export",
                {"file": "export.zip"},
                {"tickets": 3214, "agents": 14, "macros": 61, "attachments_mb": 8127, "errors": 3},
            ),
            assistant(
                "# Umzugsplan\n\n"
                "## Vorher\n\n"
                "1. Agenten einladen\n   - Rollen übernehmen wir\n   - Passwörter **nicht**\n"
                "2. Makros prüfen\n   - 58 lassen sich übersetzen\n   - 3 nicht:\n"
                "     - `close_and_tag`\n     - `sla_pause`\n     - `vip_route`\n\n"
                "## Am Tag selbst\n\n"
                "1. 07:00 alter Briefkasten leitet weiter\n2. 07:10 Import, rund 40 Minuten\n"
                "3. 08:00 alle arbeiten hier\n\n"
                "---\n\n"
                "Die drei Fehler sind Anhänge, die schon im Export fehlen.",
                sources=("umzug.md", "export.zip"),
            ),
            user("Machen wir am Samstag. Danke für den Plan!", gap=40 * MINUTE),
            task("Termin eingetragen", "Samstag, 7. März, 07:00"),
        ),
    ),
    Story(
        title="초대 메일이 도착하지 않아요",
        user=YUMI,
        ago=3 * DAY + 30 * MINUTE,
        status=closed("해결됨"),
        steps=(
            user("서울 팀원 다섯 명에게 초대 메일이 안 왔어요. 스팸함에도 없습니다.", gap=0),
            call(
                "mail_log",
                {"domain": "midori.example.kr", "days": 1},
                {"sent": 5, "delivered": 0, "reason": "550 5.7.1 SPF fail"},
            ),
            assistant(
                "메일 다섯 통이 모두 상대 서버에서 **거부**되었습니다. `SPF` 설정에 저희 서버가 "
                "없기 때문입니다.\n\n"
                '```dns\nmidori.example.kr. IN TXT "v=spf1 include:_spf.example.com ~all"\n```\n\n'
                "기다리지 않으려면 아래 *초대 링크*를 메신저로 보내셔도 됩니다.",
                sources=("https://docs.example.com/mail/spf",),
            ),
            user("링크로 보냈더니 바로 들어왔어요. 감사합니다 😊", gap=11 * MINUTE),
        ),
    ),
    Story(
        title="टीम के लिए हिन्दी इंटरफ़ेस",
        user=DEV,
        ago=9 * DAY + 6 * HOUR,
        status=closed("हल हो गया"),
        steps=(
            user("क्या हमारी जयपुर टीम के लिए इंटरफ़ेस हिन्दी में हो सकता है?", gap=0),
            assistant(
                "जी हाँ। *सेटिंग्स → भाषा → हिन्दी*। हर व्यक्ति अपनी भाषा चुन सकता है।\n\n"
                "ध्यान दें:\n\n- रिपोर्ट के **शीर्षक** अभी अंग्रेज़ी में हैं\n"
                "- तारीखें `12 मार्च 2026` के रूप में दिखेंगी\n"
                "- क्षत्रिय, द्वारा जैसे संयुक्ताक्षर सभी फ़ॉन्ट में ठीक दिखते हैं"
            ),
            user("बहुत बढ़िया, धन्यवाद 🙏🏽", gap=2 * MINUTE),
        ),
    ),
    Story(
        title="Former employee still shows up as an agent",
        user=MIRA,
        ago=14 * DAY,
        status=locked("Under review by the security team"),
        steps=(
            user(
                "Jonas left in January, but he's still listed and the last login is Sunday.", gap=0
            ),
            call("revoke_access", {"user": "jonas.weber", "sessions": "all"}, {"revoked": 3}),
            thought(
                "A login after leaving",
                "Removed from the directory on 31 January; a personal access token kept working.",
            ),
            assistant(
                "His access is **revoked**, three sessions are closed and one token is dead. What "
                "was done with the token since January is now with our security team; they lock "
                "this conversation while they look.",
                sources=("audit-log.jsonl",),
            ),
        ),
    ),
    Story(
        title="Former les collègues : par où commencer ?",
        user=AMELIE,
        ago=17 * DAY + 4 * HOUR,
        status=closed(),
        steps=(
            user("Six personnes commencent lundi. Avez-vous un parcours tout prêt ?", gap=0),
            assistant(
                "Oui, trois demi-heures :\n\n"
                "1. **Lire** : la boîte, les filtres, les notes\n"
                "2. **Répondre** : les modèles, le ton\n"
                "3. **Transmettre** : qui, quand, comment\n\n"
                "Chaque partie finit par un cas réel, rendu anonyme.",
                sources=("parcours-debutants.pdf", "https://learn.example.com/fr/debuter"),
            ),
            user("C'est exactement ce qu'il nous faut.", gap=3 * MINUTE),
        ),
    ),
    Story(
        title=None,
        user=OMAR,
        ago=46 * MINUTE,
        steps=(
            user(
                "I can't find where to",
                gap=0,
            ),
            user("…sorry, pressed enter. Where do I change the sender's name of our mails?", gap=6),
            assistant("*Settings → Channels → Mail → Sender.* It takes effect with the next mail."),
        ),
    ),
)
