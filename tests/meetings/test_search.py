"""Finding words of two characters in what one may read: newest first, the same rows as by reading."""

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings import words
from meetings.models import AgendaItem, Meeting, MeetingText
from meetings.reports.excerpts import excerpt, marked
from meetings.reports.search import LOOK, Wanted, newest
from meetings.services.indexing import index_meetings, index_moved
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def written(branch, minutes: str, *, day: date = date(2026, 11, 3), **fields) -> Meeting:
    meeting = factories.meeting(branch, day=day, title=fields.pop("title", "支委会"), **fields)
    AgendaItem.objects.create(
        meeting=meeting, position=1, kind="topic", title="议题", minutes=minutes
    )
    return meeting


def found(user, typed: str, **said) -> list[Meeting]:
    return newest(user, Wanted.read(user, typed, **said), on=TODAY).meetings


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


@pytest.fixture
def secretary(branch):
    return factories.person("secretary", branch)


@pytest.mark.parametrize("typed", ["茶园", "5+", "黨費", "茶园 党费", "  茶园  ", "ＡＢ"])
def test_words_of_two_characters_are_found_in_either_script(branch, secretary, typed):
    meeting = written(branch, "讨论茶园承包，AB两户；5+X 当天收党费。")
    written(branch, "讨论道路硬化。")
    index_meetings()
    assert found(secretary, typed) == [meeting]


def test_pairs_that_stand_apart_are_no_word(branch, secretary):
    written(branch, "乡村道路振兴；村振")
    index_meetings()
    assert found(secretary, "乡村振兴") == []


def test_the_newest_come_first_whatever_their_keys(branch, secretary):
    late = written(branch, "党费", day=date(2026, 5, 1))
    early = written(branch, "党费", day=date(2026, 1, 1))
    latest = written(branch, "党费", day=date(2026, 9, 1))
    index_meetings()
    assert found(secretary, "党费") == [latest, late, early]


def test_rare_and_common_words_are_found_however_long_ago_and_however_far_ahead(branch, secretary):
    days = [date(year, month, 5) for year in (2023, 2025, 2026) for month in range(1, 12)]
    often = [written(branch, "党费", day=day) for day in days for _ in range(10)]
    seldom = [written(branch, "茶园", day=day) for day in (date(2016, 1, 1), date(2027, 12, 1))]
    index_meetings()
    assert found(secretary, "茶园") == seldom[::-1]
    seen, before = [], None
    while True:
        page = newest(secretary, Wanted.read(secretary, "党费"), on=TODAY, before=before)
        seen += page.meetings
        if (before := page.after) is None:
            break
    assert seen == sorted(often, key=lambda meeting: (meeting.day, meeting.pk), reverse=True)


def test_what_was_saved_a_moment_ago_is_found_before_it_is_indexed(branch, secretary):
    meeting = written(branch, "防汛值班")
    assert not MeetingText.objects.exists()
    assert found(secretary, "防汛") == [meeting]


def test_a_changed_record_is_read_anew(branch, secretary):
    meeting = written(branch, "防汛值班")
    index_meetings()
    meeting.agenda.update(minutes="抗旱保苗")
    Meeting.objects.filter(pk=meeting.pk).update(version=2)
    index_meetings()
    assert found(secretary, "防汛") == []
    assert found(secretary, "抗旱") == [meeting]
    assert index_meetings() == 0


def test_a_deleted_record_leaves_the_index(branch, secretary):
    written(branch, "防汛值班")
    index_meetings()
    Meeting.objects.all().delete()
    assert found(secretary, "防汛") == []


def test_nobody_finds_what_he_may_not_read(branch, secretary):
    other = factories.branch("五阳村第一党支部", parent=branch.parent)
    written(other, "党费收缴")
    mine = written(branch, "党费收缴")
    index_meetings()
    assert found(secretary, "党费") == [mine]
    assert len(found(factories.person("staff", branch.township), "党费")) == 2
    assert found(factories.person("administrator", branch.township), "党费") == []


def test_a_branch_that_moved_is_found_where_it_stands_now(branch):
    elsewhere, before = factories.township("木镇镇党委"), branch.township
    meeting = written(branch, "党费收缴")
    index_meetings()
    branch.parent, branch.township = elsewhere, elsewhere
    branch.path = elsewhere.path + branch.path[-8:]
    branch.save()
    assert found(factories.person("staff", before), "党费") == []
    assert index_moved() == 1
    assert index_moved() == 0
    assert found(factories.person("staff", elsewhere), "党费") == [meeting]


def test_a_branch_and_a_year_narrow_the_search(branch):
    staff = factories.person("staff", branch.township)
    other = factories.branch("五阳村第一党支部", parent=branch.parent)
    old = written(branch, "党费", day=date(2025, 3, 1))
    new = written(branch, "党费", day=date(2026, 3, 1))
    written(other, "党费", day=date(2026, 3, 1))
    index_meetings()
    assert found(staff, "党费", branch=branch.pk) == [new, old]
    assert found(staff, "党费", branch=branch.pk, year=2025) == [old]


def test_a_kind_narrows_the_search(branch, secretary):
    lecture = written(branch, "党费", kinds=("lecture", "theme_day"))
    written(branch, "党费", kinds=("org_life",))
    assert found(secretary, "党费", kind="theme_day") == [lecture]
    index_meetings()
    assert found(secretary, "党费", kind="theme_day") == [lecture]
    assert found(secretary, "党费", kind="talk") == []


def test_a_record_that_changed_a_moment_ago_is_read_as_it_is_now(branch, secretary):
    meeting = written(branch, "防汛值班")
    index_meetings()
    meeting.agenda.update(minutes="抗旱保苗")
    Meeting.objects.filter(pk=meeting.pk).update(version=2)
    assert found(secretary, "防汛") == []
    assert found(secretary, "抗旱") == [meeting]


def test_pages_together_have_every_find_once_indexed_or_not(branch, secretary):
    meetings = [
        written(branch, "乡村振兴" if n % 3 else "乡村；村振；振兴", day=date(2026, 1, n % 28 + 1))
        for n in range(120)
    ]
    index_meetings()
    Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings[::2]]).update(version=2)
    seen, before = [], None
    while True:
        page = newest(secretary, Wanted.read(secretary, "乡村振兴"), on=TODAY, before=before)
        seen += page.meetings
        if (before := page.after) is None:
            break
    expected = [meeting for n, meeting in enumerate(meetings) if n % 3]
    assert seen == sorted(expected, key=lambda meeting: (meeting.day, meeting.pk), reverse=True)


def test_an_old_find_not_indexed_yet_waits_for_its_page(branch, secretary):
    old = written(branch, "乡村振兴", day=date(2020, 1, 1))
    for n in range(LOOK + 5):
        written(branch, "乡村；村振；振兴", day=date(2026, 1, n % 28 + 1))
    index_meetings()
    Meeting.objects.filter(pk=old.pk).update(version=2)
    wanted = Wanted.read(secretary, "乡村振兴")
    first = newest(secretary, wanted, on=TODAY)
    assert first.meetings == []
    assert newest(secretary, wanted, on=TODAY, before=first.after).meetings == [old]


def test_a_page_of_finds_costs_eight_statements_at_most(branch, django_assert_max_num_queries):
    staff = factories.person("staff", branch.township)
    factories.branch(parent=branch.parent)
    for n in range(30):
        written(branch, "党费", day=date(2026, 1, n % 28 + 1))
    index_meetings()
    written(branch, "党费")
    client = Client()
    client.force_login(staff, backend="branches.backends.DutyBackend")
    client.get("/meetings/search/")
    with django_assert_max_num_queries(8):
        page = client.get("/meetings/search/", {"q": "党费", "branch": branch.pk})
    assert len(page.context["results"]) == 20


ALPHABET = st.text(alphabet="党费茶园黨X5 \n", min_size=2, max_size=12)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.lists(ALPHABET, min_size=1, max_size=6),
    typed=st.text("党费茶园X", min_size=2, max_size=4),
)
def test_the_index_finds_the_same_rows_as_reading_every_text(branch, secretary, texts, typed):
    Meeting.objects.all().delete()
    meetings = [
        written(branch, text, day=date(2026, 1, 1) + timedelta(days=n))
        for n, text in enumerate(texts)
    ]
    index_meetings()
    word = words.folded(typed)
    expected = [
        meeting
        for meeting, text in zip(meetings, texts, strict=True)
        if any(word in words.folded(line) for line in text.splitlines())
    ]
    assert found(secretary, typed) == expected[::-1]


def test_a_page_ends_with_a_link_to_the_earlier(branch, secretary):
    for n in range(23):
        written(branch, "党费", day=date(2026, 1, 1) + timedelta(days=n))
    index_meetings()
    client = Client()
    client.force_login(secretary)
    page = client.get("/meetings/search/", {"q": "党费"})
    assert len(page.context["results"]) == 20
    page = client.get("/meetings/search/", {"q": "党费", "before": page.context["after"]})
    assert len(page.context["results"]) == 3
    assert page.context["after"] is None


def test_too_short_a_word_is_answered_kindly(branch, secretary):
    client = Client()
    client.force_login(secretary)
    assert "请至少输入两个字" in client.get("/meetings/search/", {"q": "党 费"}).content.decode()


def test_what_was_found_is_marked_and_escaped(branch, secretary):
    written(branch, "<b>茶園</b>承包" + "很长的讨论" * 40 + "茶园")
    index_meetings()
    client = Client()
    client.force_login(secretary)
    page = client.get("/meetings/search/", {"q": "茶园"}).content.decode()
    assert "&lt;b&gt;<mark>茶園</mark>&lt;/b&gt;承包" in page


def test_an_excerpt_is_cut_around_the_word():
    (line,) = excerpt(["前" * 100 + "茶 园" + "后" * 100] * 2, ("茶园",))
    assert [piece.text for piece in line if piece.is_found] == ["茶 园"]
    assert line[0].text == "…"
    assert line[-1].text == "…"
    assert len("".join(piece.text for piece in line)) < 120


def test_all_words_are_marked_in_a_title():
    assert [piece.text for piece in marked("黨費和茶園", ("茶园", "党费")) if piece.is_found] == [
        "黨費",
        "茶園",
    ]
