"""The minutes of one meeting as a PDF, to sign and to file."""

from meetings.models import Meeting

from . import Made
from .official import for_records, official_records
from .pdf import pdf


def minutes_pdf(meeting: Meeting, *, with_reasons: bool) -> Made:
    [record] = official_records(
        for_records(Meeting.objects.filter(pk=meeting.pk)), with_reasons=with_reasons
    )
    content = pdf("meetings/print/minutes.html", {"record": record}, photos=record.photos)
    return Made(f"{record.file_name}.pdf", content)
