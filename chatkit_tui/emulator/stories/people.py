"""The eight people whose conversations the sample data holds.

Integrators name their users as they like, so no two of these have the same form.
"""

MIRA = "mira.okafor@example.com"
TOBIAS = "user_48213"
AMELIE = "org-91|amelie.durand"
YUMI = "佐藤 由美"
OMAR = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
INES = "ines_villanueva"
DEV = "auth0|65f2c1d09a"
NOA = "noa+support@example.org"

PEOPLE = (MIRA, TOBIAS, AMELIE, YUMI, OMAR, INES, DEV, NOA)
