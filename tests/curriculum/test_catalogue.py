"""The catalogue a township may start from."""

import pytest

from curriculum.catalogue import install_catalogue
from curriculum.models import Course, Series, Site
from tests import factories

pytestmark = pytest.mark.django_db

FIELDS = {"安全生产", "人居环境整治", "乡村振兴", "党史", "党务", "政策法规", "会议精神"}


def test_the_starting_catalogue_holds_the_fields_and_sites_of_the_township():
    township = factories.township()
    assert install_catalogue(township) == Course.objects.count() >= 15
    assert set(Course.objects.values_list("field", flat=True)) >= FIELDS
    assert set(Site.objects.values_list("name", flat=True)) == {
        "上峰罗腊英故居",
        "五阳家风家教基地",
        "西河刘光复故居",
    }
    assert all(site.courses.exists() for site in Site.objects.all())
    assert Series.objects.count() == 3


def test_installing_again_adds_nothing_and_keeps_what_was_changed():
    township = factories.township()
    install_catalogue(township)
    course = Course.objects.first()
    course.is_open, course.outline = False, "改过的提要"
    course.save()
    assert install_catalogue(township) == 0
    course.refresh_from_db()
    assert (course.is_open, course.outline) == (False, "改过的提要")
