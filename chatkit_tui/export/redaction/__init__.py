"""Redaction: personal data and credentials in conversations replaced by stable tokens.

A value becomes a token such as `‹email 3›`; the same value has the same number within one
`Redactor`, whose table is never written. What is replaced, in this order: keys and tokens, e-mail
addresses, IBANs, card numbers, IP addresses, phone numbers, and the patterns of the user.
"""
