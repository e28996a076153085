"""The forms that the stories show, and the quiz whose answers lie in its payloads."""

from __future__ import annotations

from chatkit_tui.emulator.stories.telling import JSON


def booking_form() -> dict[str, JSON]:
    """A visit by an engineer, with every kind of field."""
    return {
        "type": "Card",
        "asForm": True,
        "size": "md",
        "children": [
            {"type": "Title", "value": "Book an engineer"},
            {
                "type": "Form",
                "direction": "col",
                "gap": 2,
                "onSubmitAction": {
                    "type": "visit.book",
                    "payload": {"line": "DSL-77120", "priority": "standard"},
                    "handler": "server",
                    "loadingBehavior": "container",
                },
                "children": [
                    {"type": "Label", "value": "Who will be at home?", "fieldName": "visit.name"},
                    {
                        "type": "Input",
                        "name": "visit.name",
                        "placeholder": "First and last name",
                        "required": True,
                    },
                    {"type": "Label", "value": "Telephone", "fieldName": "visit.phone"},
                    {
                        "type": "Input",
                        "name": "visit.phone",
                        "inputType": "tel",
                        "defaultValue": "+49 40 555 0142",
                    },
                    {"type": "Label", "value": "Door code", "fieldName": "visit.code"},
                    {
                        "type": "Input",
                        "name": "visit.code",
                        "inputType": "password",
                        "defaultValue": "4711#",
                    },
                    {
                        "type": "DatePicker",
                        "name": "visit.day",
                        "defaultValue": "2026-03-16",
                        "min": "2026-03-13",
                        "max": "2026-03-27",
                    },
                    {
                        "type": "RadioGroup",
                        "name": "visit.time",
                        "direction": "row",
                        "defaultValue": "pm",
                        "options": [
                            {"value": "am", "label": "8–12", "description": "2 places left"},
                            {"value": "pm", "label": "12–16"},
                            {"value": "eve", "label": "16–19", "disabled": True},
                        ],
                    },
                    {
                        "type": "Select",
                        "name": "visit.access",
                        "placeholder": "Where is the socket?",
                        "options": [
                            {"value": "hall", "label": "In the hall"},
                            {"value": "cellar", "label": "In the cellar"},
                            {"value": "unknown", "label": "I don't know"},
                        ],
                    },
                    {
                        "type": "Textarea",
                        "name": "visit.notes",
                        "rows": 3,
                        "placeholder": "Dog? Scaffolding? Bell out of order?",
                    },
                    {"type": "Checkbox", "name": "visit.call", "label": "Call 30 minutes before"},
                    {
                        "type": "Row",
                        "children": [
                            {"type": "Spacer"},
                            {"type": "Button", "label": "Book", "submit": True, "style": "primary"},
                        ],
                    },
                ],
            },
        ],
    }


def phishing_quiz() -> dict[str, JSON]:
    """Three questions; which answer is right stands only in the payloads."""
    questions = (
        (
            "A mail from “IT” asks you to confirm your password within an hour.",
            (
                ("Confirm it quickly", False),
                ("Report it", True),
                ("Forward it to a colleague", False),
            ),
            "A deadline is there to keep you from thinking.",
        ),
        (
            "Which address belongs to the bank?",
            (("bank.example.com.login.test", False), ("login.bank.example.com", True)),
            "Read an address from the right: the owner stands before the last dot but one.",
        ),
        (
            "You typed your password into a wrong page. What first?",
            (("Change it and tell IT", True), ("Wait and see", False), ("Delete the mail", False)),
            "Minutes matter; nobody will be angry with you.",
        ),
    )
    return {
        "type": "Card",
        "status": {"text": "Question 1 of 3", "favicon": "https://learn.example.com/favicon.ico"},
        "children": [
            child
            for number, (question, answers, why) in enumerate(questions, start=1)
            for child in (
                {"type": "Title", "value": f"{number}. {question}", "size": "sm"},
                {
                    "type": "Col",
                    "gap": 1,
                    "children": [
                        {
                            "type": "Button",
                            "label": answer,
                            "variant": "outline",
                            "block": True,
                            "onClickAction": {
                                "type": "quiz.answer",
                                "handler": "client",
                                "payload": {
                                    "question": number,
                                    "answer": answer,
                                    "correct": correct,
                                    "explanation": why,
                                },
                            },
                        }
                        for answer, correct in answers
                    ],
                },
                {"type": "Transition", "children": {"type": "Caption", "value": "Choose one."}},
            )
        ],
    }


def mail_draft() -> dict[str, JSON]:
    """A mail that can be changed before it is sent."""
    return {
        "type": "Card",
        "collapsed": False,
        "children": [
            {"type": "Caption", "value": "To: suppliers@glasswerk.example"},
            {
                "type": "Text",
                "value": "Shades without collars, batch 0226",
                "weight": "bold",
                "editable": {"name": "mail.subject", "required": True},
            },
            {"type": "Divider"},
            {
                "type": "Text",
                "value": "Dear Ms Holm,\nthree lamps of batch 0226 reached our customers without "
                "the inner collar. Could you check the packing line?\nKind regards\nMira",
                "editable": {"name": "mail.body", "placeholder": "Your text"},
                "minLines": 4,
            },
            {"type": "Markdown", "value": "*Attached:* `photos.zip` (3 pictures)"},
        ],
        "confirm": {"label": "Send", "action": {"type": "mail.send", "payload": {"draft": 118}}},
        "cancel": {
            "label": "Discard",
            "action": {"type": "mail.discard", "payload": {"draft": 118}},
        },
    }
