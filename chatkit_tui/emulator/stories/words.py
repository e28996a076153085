"""The words that fill the gaps of the endless script."""

from __future__ import annotations

from collections.abc import Mapping

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "product": (
        "oak desk lamp",
        "merino throw",
        "pour-over kettle",
        "cork yoga mat",
        "linen duvet cover",
        "trail backpack 28 l",
        "walnut serving board",
        "enamel camping mug",
        "wool felt slippers",
        "bamboo laptop stand",
        "ceramic planter",
        "folding step stool",
        "rain jacket, moss green",
        "cast-iron skillet",
        "reading light, clip-on",
        "cotton hammock",
    ),
    "name": (
        "Priya Raman",
        "Jonas Weber",
        "Léa Fournier",
        "Carlos Medina",
        "Aiko Tanaka",
        "Hanna Lindqvist",
        "Samir Haddad",
        "Grace Achieng",
        "Tomasz Nowak",
        "Yael Bar-On",
        "Chen Wei",
        "Marta Sousa",
        "Ji-woo Park",
        "Oluwaseun Ade",
        "Freya Nilsen",
        "Diego Rossi",
    ),
    "city": (
        "Rotterdam",
        "Leipzig",
        "Lyon",
        "Valencia",
        "Osaka",
        "Gothenburg",
        "Porto",
        "Kraków",
        "Haifa",
        "Nairobi",
        "Busan",
        "Turin",
        "Cork",
        "Bergen",
        "Ghent",
        "Aarhus",
    ),
    "carrier": ("DHL", "PostNord", "Colissimo", "Correos", "UPS", "DPD", "Royal Mail", "GLS"),
    "reason": (
        "arrived with a cracked corner",
        "is the wrong colour",
        "is smaller than the picture suggests",
        "was ordered twice by mistake",
        "stopped working after two days",
        "came without its screws",
        "has a stain on one side",
        "was a present that did not fit",
    ),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "endpoint": ("/orders", "/refunds", "/stock", "/customers", "/labels", "/webhooks"),
    "status": ("429", "500", "502", "503", "504", "409"),
    "language": ("German", "French", "Spanish", "Japanese", "Polish", "Portuguese"),
    "slot": ("8:00–10:00", "10:00–12:00", "12:00–14:00", "14:00–16:00", "16:00–18:00"),
}


def words_for(digest: bytes) -> Mapping[str, str]:
    """A word for every gap, chosen by a digest of at least 32 bytes."""
    words = {
        name: choices[digest[position] % len(choices)]
        for position, (name, choices) in enumerate(_CHOICES.items())
    }
    number = int.from_bytes(digest[12:20], "big")
    words["order"] = str(40_000 + number % 59_999)
    words["count"] = str(2 + digest[20] % 17)
    words["percent"] = str(5 + digest[21] % 60)
    words["amount"] = f"{8 + number % 181}.{digest[22] % 100:02d}"
    words["day"] = str(1 + digest[23] % 28)
    words["tracking"] = f"{words['carrier'][:2].upper()}{number % 10**11:011d}"
    words["trace"] = digest[24:32].hex()
    return words
