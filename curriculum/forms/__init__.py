"""Forms of the week and of the catalogue."""

from .courses import CourseFilter, CourseForm, SeriesForm, SiteForm
from .items import FinishForm, NotApplicableForm
from .menus import EntryForm, PolicyForm, PublishForm, RecallForm

__all__ = [
    "CourseFilter",
    "CourseForm",
    "EntryForm",
    "FinishForm",
    "NotApplicableForm",
    "PolicyForm",
    "PublishForm",
    "RecallForm",
    "SeriesForm",
    "SiteForm",
]
