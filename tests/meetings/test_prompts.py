"""Questions beside the minutes: folded help, never a text; a township keeps its own."""

import pytest

from meetings.models import MeetingKind, Prompt
from meetings.reports.prompts import fields_of
from tests import factories
from tests.meetings.sending import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return factories.branch()


@pytest.fixture
def staff(branch):
    return signed_in("staff", branch.township)


@pytest.fixture
def secretary(branch):
    return signed_in("secretary", branch)


def help_for(client, branch, field: str, kind: str = "assembly") -> str:
    url = f"/meetings/prompts/help/{branch.pk}/?field={field}&kinds={kind}"
    return client.get(url).content.decode()


def test_every_kind_comes_with_questions_of_the_system(secretary, branch):
    kinds = set(Prompt.objects.filter(township=None).values_list("kind", flat=True))
    assert kinds == set(MeetingKind.values)
    assert "由谁落实、什么时候完成？" in help_for(secretary, branch, "minutes")


def test_each_has_a_place_on_the_form_of_its_kind():
    for kind, field in Prompt.objects.values_list("kind", "field"):
        assert field in fields_of(kind), (kind, field)


def test_a_township_asks_its_own_and_goes_back_to_the_systems(staff, secretary, branch):
    url = "/meetings/prompts/assembly/minutes/"
    lines = "  村民代表怎么说？\n\n群众有什么意见？\n群众有什么意见？"
    assert staff.post(url, {"texts": lines}).status_code == 302
    html = help_for(secretary, branch, "minutes")
    assert "村民代表怎么说？" in html
    assert html.count("群众有什么意见？") == 1
    assert "谁提出了不同意见" not in html
    elsewhere = factories.branch(parent=factories.township("木镇镇党委"))
    other = signed_in("secretary", elsewhere)
    assert "谁提出了不同意见" in help_for(other, elsewhere, "minutes")
    assert "本乡镇" in staff.get("/meetings/prompts/").content.decode()
    assert staff.post(url, {"texts": ""}).status_code == 302
    assert "谁提出了不同意见" in help_for(secretary, branch, "minutes")
    assert not Prompt.objects.exclude(township=None).exists()


@pytest.mark.parametrize(
    ("texts", "said"),
    [("问" * 201, "每条不超过 200 字"), ("\n".join("一二三四五六七八九十甲乙丙"), "最多 12 条")],
)
def test_too_much_is_refused(staff, texts, said):
    response = staff.post("/meetings/prompts/assembly/minutes/", {"texts": texts})
    assert said in response.content.decode()


def test_a_field_that_a_kind_has_not_is_no_page(staff):
    assert staff.get("/meetings/prompts/talk/minutes/").status_code == 404
    assert staff.get("/meetings/prompts/nonsense/minutes/").status_code == 404


def test_questions_are_not_in_the_form_until_asked_for(secretary, branch):
    factories.post(factories.member(branch))
    html = secretary.get("/meetings/new/?kind=assembly").content.decode()
    assert "怎么记" in html
    assert "谁提出了不同意见" not in html


def test_a_usual_topic_begins_a_row_with_its_title_alone(secretary, branch):
    factories.post(factories.member(branch))
    url = f"/meetings/suggestions/{branch.pk}/?kinds=org_life"
    assert "支委会作对照检查" in secretary.get(url).content.decode()
    html = secretary.get("/meetings/new/?kind=org_life&item=支委会作对照检查").content.decode()
    assert 'name="item-0-title" value="支委会作对照检查"' in html
