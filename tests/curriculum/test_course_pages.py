"""The catalogue in the browser."""

import pytest
from django.urls import reverse

from branches.models import DutyKind
from curriculum.models import Course, Series, Site
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "curriculum:course_list"


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def staff(client, township):
    person = factories.person(DutyKind.STAFF, township)
    client.force_login(person, backend="branches.backends.DutyBackend")
    return client


def titles(response) -> list[str]:
    return [course.title for course in response.context["page"]]


def test_an_empty_catalogue_offers_the_ready_made_one_to_staff(staff, township):
    url = reverse("curriculum:catalogue_install", args=[township.pk])
    assert url in staff.get(reverse(LIST)).content.decode()
    answer = staff.post(url, follow=True)
    assert "已加入18门课程" in answer.content.decode()
    assert url not in answer.content.decode()


def test_a_secretary_sees_the_empty_page_without_the_button(client, township):
    secretary = factories.person(DutyKind.SECRETARY, factories.branch(parent=township))
    client.force_login(secretary, backend="branches.backends.DutyBackend")
    html = client.get(reverse(LIST)).content.decode()
    assert "这里会列出本乡镇的课程" in html
    assert "装入现成目录" not in html


def test_the_list_is_narrowed_by_every_filter(staff, township):
    practice = Series.objects.create(township=township, name="实训课程")
    site = Site.objects.create(township=township, name="上峰罗腊英故居")
    factories.course(township, "安全课", field="安全生产", channel="online")
    Course.objects.create(
        township=township, series=practice, title="现场课", kind="practice", site=site
    )
    factories.course(township, "停用课", is_open=False)
    for chosen, expected in (
        ({}, ["安全课", "现场课"]),
        ({"q": "现场"}, ["现场课"]),
        ({"series": practice.pk}, ["现场课"]),
        ({"kind": "theory"}, ["安全课"]),
        ({"channel": "online"}, ["安全课"]),
        ({"field": "安全生产"}, ["安全课"]),
        ({"site": site.pk}, ["现场课"]),
        ({"closed": "on", "q": "停用"}, ["停用课"]),
    ):
        assert sorted(titles(staff.get(reverse(LIST), chosen))) == sorted(expected), chosen


def test_another_townships_courses_are_not_there(staff):
    course = factories.course(factories.township("木镇镇党委"))
    assert titles(staff.get(reverse(LIST))) == []
    assert staff.get(course.get_absolute_url()).status_code == 404


def test_a_course_is_written_changed_closed_and_opened(staff, township):
    series = Series.objects.create(township=township, name="八都菜谱")
    typed = {
        "title": "防汛课",
        "series": series.pk,
        "kind": "theory",
        "channel": "on_site",
        "hours": "1.5",
        "link": "example.org/a",
    }
    staff.post(reverse("curriculum:course_create", args=[township.pk]), typed)
    course = Course.objects.get()
    assert (course.township, course.link) == (township, "https://example.org/a")
    staff.post(reverse("curriculum:course_edit", args=[course.pk]), typed | {"title": "防汛课二"})
    staff.post(reverse("curriculum:course_close", args=[course.pk]))
    course.refresh_from_db()
    assert (course.title, course.is_open) == ("防汛课二", False)
    staff.post(reverse("curriculum:course_open", args=[course.pk]))
    course.refresh_from_db()
    assert course.is_open


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"title": "已有的课"}, "title", "已有同名课程。"),
        ({"hours": "0"}, "__all__", "学时应大于0、不超过24。"),
        ({"hours": "很多"}, "hours", "输入一个数字。"),
        ({"link": "javascript:alert(1)"}, "link", "请填写完整的网址"),
    ],
)
def test_what_is_wrong_with_a_course_is_said(staff, township, changes, field, said):
    known = factories.course(township, "已有的课")
    typed = {
        "title": "新课",
        "series": known.series_id,
        "kind": "theory",
        "channel": "on_site",
        "hours": "1",
    }
    answer = staff.post(reverse("curriculum:course_create", args=[township.pk]), typed | changes)
    assert said in " ".join(answer.context["form"].errors[field])
    assert Course.objects.count() == 1


def test_series_and_sites_are_kept(staff, township):
    staff.post(
        reverse("curriculum:series_create", args=[township.pk]), {"name": "夜话", "position": 1}
    )
    staff.post(reverse("curriculum:site_create", args=[township.pk]), {"name": "村史馆"})
    again = staff.post(reverse("curriculum:site_create", args=[township.pk]), {"name": "村史馆"})
    assert again.context["form"].errors["name"] == ["已有同名教学点。"]
    html = staff.get(reverse("curriculum:site_list")).content.decode()
    assert "夜话" in html
    assert "村史馆" in html


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_list_costs_the_same_for_any_number_of_courses(
    staff, township, how_many, django_assert_num_queries
):
    for n in range(how_many):
        site = Site.objects.create(township=township, name=f"教学点{n}")
        series = Series.objects.create(township=township, name=f"系列{n}")
        Course.objects.create(
            township=township, series=series, site=site, title=f"课程{n}", kind="theory"
        )
    # The first page of a session also writes the session.
    staff.get(reverse(LIST))
    with django_assert_num_queries(6):
        staff.get(reverse(LIST))
