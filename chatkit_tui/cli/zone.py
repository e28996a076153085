"""The time zone of this machine, with its summer time."""

from __future__ import annotations

import time
from calendar import timegm
from datetime import UTC, datetime, timedelta, tzinfo


class MachineZone(tzinfo):
    """What the C library says of local time at each moment, TZ and /etc/localtime included.

    A fixed offset, as `datetime.astimezone` gives, would be an hour off in the other half of the
    year.
    """

    def fromutc(self, moment: datetime, /) -> datetime:
        """The local time of a moment whose fields are UTC."""
        return moment + timedelta(seconds=time.localtime(_seconds(moment)).tm_gmtoff)

    def utcoffset(self, moment: datetime | None, /) -> timedelta:
        """Hours ahead of UTC, as a time difference."""
        return timedelta(seconds=self._local(moment).tm_gmtoff)

    def dst(self, moment: datetime | None, /) -> timedelta:
        """An hour in summer time, else nothing."""
        return timedelta(hours=max(0, self._local(moment).tm_isdst))

    def tzname(self, moment: datetime | None, /) -> str:
        """The zone's short name, such as CET."""
        return self._local(moment).tm_zone

    @staticmethod
    def _local(moment: datetime | None) -> time.struct_time:
        if moment is None:
            return time.localtime()
        # -1 leaves it to the library whether it is summer.
        return time.localtime(time.mktime((*moment.replace(tzinfo=None).timetuple()[:8], -1)))


def _seconds(moment: datetime) -> int:
    """Unix seconds of a moment whose fields are UTC, whatever zone it says it has."""
    return timegm(moment.replace(tzinfo=None).timetuple())


def zone_of(setting: str) -> tzinfo:
    """The zone that the setting names: `local` or `utc`."""
    return UTC if setting == "utc" else MachineZone()
