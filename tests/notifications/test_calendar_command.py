from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from notifications.models import CalendarDay

pytestmark = pytest.mark.django_db


def test_a_published_year_is_imported_as_often_as_one_likes():
    CalendarDay.objects.all().delete()
    for _ in range(2):
        out = StringIO()
        call_command("import_holidays", 2026, stdout=out)
        assert "39天" in out.getvalue()
    assert CalendarDay.objects.count() == 39
    assert CalendarDay.objects.get(day=date(2026, 2, 17)).name == "春节"


def test_an_unpublished_year_writes_nothing_and_says_why():
    with pytest.raises(CommandError, match="2027年的放假安排尚未收录"):
        call_command("import_holidays", 2027)
    assert not CalendarDay.objects.filter(day__year=2027).exists()
