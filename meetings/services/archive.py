"""What a record that was handed in said before it was changed, kept readable for good."""

from datetime import datetime

from django.db.models import Count

from accounts.models import User
from meetings.models import Meeting, RecordVersion
from meetings.reports.versions import Text


def keep_version(
    meeting: Meeting, text: Text, *, was_archived: bool, reason: str, by: User, at: datetime
) -> RecordVersion:
    """Keep the text that a change has just replaced.

    Called after the conditional update that let the change in: whoever comes second is refused
    there, so that no number is given twice.
    """
    known = meeting.versions.aggregate(n=Count("pk"))["n"]
    return RecordVersion.objects.create(
        meeting=meeting,
        number=known + 1,
        content=[list(pair) for pair in text],
        was_archived=was_archived,
        replaced_at=at,
        replaced_by=by,
        reason=reason,
    )
