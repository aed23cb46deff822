"""Fields that the forms of this app share: dates, times, photos, and people in one line."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django import forms
from django.forms.utils import flatatt
from django.utils.dateparse import parse_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from meetings.models import Guest


def parse_day(text: str | None) -> date | None:
    """Read a day from a link or a field; nonsense is no day."""
    try:
        return parse_date(text or "")
    except ValueError:
        return None


class DateField(forms.DateField):
    """A day, by the browser's own picker."""

    def __init__(self, **kwargs) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=kwargs.pop("widget", widget), **kwargs)


class TimeField(forms.TimeField):
    def __init__(self, **kwargs) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(widget=kwargs.pop("widget", widget), **kwargs)


class LongSelect(forms.Select):
    """A choice among hundreds: joined in Python, for Django renders a template for each option."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "\n",
            "<option{}>{}</option>",
            (
                (flatatt({"value": option["value"], **option["attrs"]}), option["label"])
                for _group, options, _index in widget["optgroups"]
                for option in options
            ),
        )
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **widget["attrs"]}), options
        )


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures at once; what they must be is checked where they are made anew."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"})

    def clean(self, data, initial=None) -> list:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(PhotosField, self).clean(file) for file in files if file]


PHOTOS_HELP = _(
    "可不传；JPG、PNG、WebP 或 HEIC，每张不超过 20 MB，会自动缩小，拍摄地点等信息会被去除。"
)

_BETWEEN = re.compile(r"[、;；，,\n]+")
_POSITION = re.compile(r"[\s(（]+")


def read_guests(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and position from lines such as “张三（乡组织委员）、李四 村监委会主任”."""
    for part in _BETWEEN.split(text):
        name, *position = _POSITION.split(part.strip(), maxsplit=1)
        if name:
            yield name[:50], (position[0].strip(" )）　") if position else "")[:50]


def write_guests(guests: Iterable[Guest]) -> str:
    return "、".join(f"{guest.name} {guest.position}".strip() for guest in guests)
