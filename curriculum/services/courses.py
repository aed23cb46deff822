"""Filling an empty catalogue with the courses every township of the product can start from."""

from django.db import transaction

from branches.models import Organization
from curriculum import catalogue
from curriculum.models import Course, Series, Site


@transaction.atomic
def install_catalogue(township: Organization) -> int:
    """Give the township the starting catalogue; return how many courses were added.

    What is there under the same name, a course that was closed or rewritten too, stays as it is.
    """
    before = Course.objects.filter(township=township).count()
    sites = {
        site.name: Site.objects.get_or_create(
            township=township, name=site.name, defaults={"theme": site.theme}
        )[0]
        for site in catalogue.SITES
    }
    for position, texts in enumerate(catalogue.SERIES, 1):
        series, _created = Series.objects.get_or_create(
            township=township,
            name=texts.name,
            defaults={"description": texts.description, "position": position},
        )
        for course in texts.courses:
            Course.objects.get_or_create(
                township=township,
                title=course.title,
                defaults={
                    "series": series,
                    "kind": texts.kind,
                    "field": course.field,
                    "channel": course.channel,
                    "hours": course.hours,
                    "outline": course.outline,
                    "site": sites.get(course.site),
                    "suits": course.suits,
                },
            )
    return Course.objects.filter(township=township).count() - before
