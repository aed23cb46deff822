"""Pages from a template by WeasyPrint, which is loaded only where pages are made.

The one thing a template may point to is a picture of a meeting (`photo:12`): nothing else is
fetched, neither from the network nor from the disk, whatever a record says.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.template.loader import render_to_string

from meetings.models import MeetingPhoto

from . import CannotMake, Progress, fonts

# WeasyPrint tells its steps and pages to this logger and no one else.
STEPS = "weasyprint.progress"
LAYOUT_STEP = "Step 5"
# A year's pictures at the size they were taken in would weigh a hundred megabytes.
PHOTO_DPI, JPEG_QUALITY = 200, 80


def pdf(
    template: str,
    context: dict,
    *,
    photos: Iterable[MeetingPhoto] = (),
    tell: Progress | None = None,
) -> bytes:
    """Set the template and return the PDF with its fonts embedded.

    `tell` is called with the number of each page that is laid out.
    """
    if reason := fonts.why_no_pdf():
        raise CannotMake(reason)
    # Takes a third of a second and thirty megabytes: the web processes do without.
    from weasyprint import HTML

    html = render_to_string(template, context)
    with _pages_told(tell):
        made = HTML(string=html, url_fetcher=_fetcher(photos), base_url=None)
        return made.write_pdf(optimize_images=True, jpeg_quality=JPEG_QUALITY, dpi=PHOTO_DPI)


def _fetcher(photos: Iterable[MeetingPhoto]):
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    known = {f"photo:{photo.pk}": photo for photo in photos}

    class OnlyPhotos(URLFetcher):
        def fetch(self, url, headers=None):
            if url not in known:
                raise ValueError(url)
            with known[url].image.open("rb") as picture:
                return URLFetcherResponse(url, picture.read(), {"Content-Type": "image/jpeg"})

    return OnlyPhotos()


class _PageCounter(logging.Handler):
    def __init__(self, tell: Progress) -> None:
        super().__init__()
        self.tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        if record.args and str(record.msg).startswith(LAYOUT_STEP):
            self.tell(int(record.args[0]))  # type: ignore[index]


@contextmanager
def _pages_told(tell: Progress | None) -> Iterator[None]:
    if tell is None:
        yield
        return
    logger, counter = logging.getLogger(STEPS), _PageCounter(tell)
    before = logger.level, logger.propagate
    logger.addHandler(counter)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(counter)
        logger.level, logger.propagate = before
