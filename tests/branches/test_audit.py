from datetime import date

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches import audit
from branches.models import DutyKind, Suggestion
from curriculum.models import MenuEntry
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/audit/"


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def auditor(township):
    return factories.person(DutyKind.AUDITOR, township)


@pytest.fixture
def staff(township):
    return factories.person(DutyKind.STAFF, township, "李干事")


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def entries_by(actor) -> int:
    return LogEntry.objects.filter(actor=actor).count()


def test_an_entry_says_who_did_what_in_chinese(client, township, auditor, staff):
    branch = factories.branch("上峰村党支部", parent=township)
    member = factories.member(branch, "王五", phone="13812345678")
    with set_actor(staff):
        member.education = "大专"
        member.branch = factories.branch("五阳村党支部", parent=township)
        member.phone = "13912345678"
        member.is_floating = True
        member.sex = "male"
        member.save()
    [line] = audit.in_words(audit.entries_for(auditor).filter(object_repr="王五"))
    assert (line.actor, line.action, line.model, line.what) == ("李干事", "修改", "党员", "王五")
    said = {change.label: (change.before, change.after) for change in line.changes}
    assert said == {
        "学历": ("—", "大专"),
        "所在党支部": ("上峰村党支部", "五阳村党支部"),
        "手机号码": ("138****5678", "139****5678"),
        "流动党员": ("否", "是"),
        "性别": ("—", "男"),
    }
    page = sign_in(client, auditor).get(LIST).content.decode()
    assert "五阳村党支部" in page
    assert "13912345678" not in page


def test_a_new_account_is_listed_without_what_points_to_it(auditor, staff):
    with set_actor(staff):
        factories.user("新人")
    [line] = audit.in_words(audit.of_model(audit.entries_for(auditor), "accounts.user"))
    assert {change.label for change in line.changes} == {
        "登录名",
        "姓名",
        "启用",
        "须改密码",
        "建立时间",
    }


def test_moments_are_shown_in_local_time(township, auditor, staff):
    with set_actor(staff):
        Suggestion.objects.create(
            organization=township, author=staff, text="好用", created_at=factories.NOON
        )
    [line] = audit.in_words(audit.of_model(audit.entries_for(auditor), "branches.suggestion"))
    said = {change.label: change.after for change in line.changes}
    assert said["提出时间"] == "2026-11-24 12:00"
    assert "答复时间" not in said


def test_an_auditor_reads_his_own_part_of_the_tree(township, auditor, staff):
    other = factories.township("木镇镇党委", parent=township.parent)
    stranger = factories.person(DutyKind.STAFF, other)
    for actor in (staff, stranger):
        with set_actor(actor):
            factories.branch(parent=township)
    actors = set(audit.entries_for(auditor).values_list("actor", flat=True))
    assert actors == {staff.pk}
    # The uppermost auditor also reads what the system did by itself.
    above = factories.person(DutyKind.AUDITOR, township.parent)
    assert {staff.pk, stranger.pk, None} <= set(
        audit.entries_for(above).values_list("actor", flat=True)
    )


def test_somebody_who_has_left_is_still_read(township, auditor, staff):
    with set_actor(staff):
        factories.branch(parent=township)
    staff.duties.update(to_on=date(2020, 1, 1))
    assert audit.entries_for(auditor).filter(actor=staff).exists()


def test_the_log_is_narrowed_by_person_model_and_day(client, township, auditor, staff):
    with set_actor(staff):
        factories.branch(parent=township)
        factories.user("新人")
    sign_in(client, auditor)

    def found(**wanted):
        return len(client.get(LIST, wanted).context["lines"])

    everything = entries_by(staff)
    assert found() == found(q="李干事") == everything
    assert found(q="不存在") == 0
    assert found(model="accounts.user") == 1
    assert found(first="2999-01-01") == 0
    assert found(last="2000-01-01") == 0


def test_a_wrong_question_gets_an_error_and_no_rows(client, auditor):
    response = sign_in(client, auditor).get(LIST, {"first": "2026-02-01", "last": "2026-01-01"})
    assert "last" in response.context["filter"].errors
    assert response.context["lines"] == []


def test_the_log_is_read_only(client, auditor):
    assert sign_in(client, auditor).post(LIST).status_code == 405


def statements(client):
    client.get(LIST)
    with CaptureQueriesContext(connection) as found:
        client.get(LIST)
    return len(found)


def test_the_log_costs_the_same_for_one_and_for_many(client, township, auditor, staff):
    sign_in(client, auditor)
    with set_actor(staff):
        factories.branch(parent=township)
    few = statements(client)
    with set_actor(staff):
        for _ in range(15):
            branch = factories.branch(parent=township)
            factories.contact_point(staff, branch)
            factories.member(branch)
    assert statements(client) == few <= 8


def test_who_was_added_to_a_list_of_others_is_named(auditor, staff, township):
    branch = factories.branch("上峰村党支部", parent=township)
    entry = MenuEntry.objects.create(
        menu=factories.menu(township), title="防火", kind="offered", due_on=date(2026, 12, 4)
    )
    with set_actor(staff):
        entry.audience.add(branch)
        entry.audience.remove(branch)
    removed, added = audit.in_words(
        audit.of_model(audit.entries_for(auditor), "curriculum.menuentry")
    )
    assert [(c.label, c.before, c.after) for c in added.changes] == [("对象", "—", "上峰村党支部")]
    assert [(c.label, c.before, c.after) for c in removed.changes] == [
        ("对象", "上峰村党支部", "—")
    ]


def test_a_field_without_a_name_is_called_what_it_points_to(auditor, staff, township):
    menu = factories.menu(township)
    with set_actor(staff):
        MenuEntry.objects.create(menu=menu, title="防火", kind="offered", due_on=date(2026, 12, 4))
    [line] = audit.in_words(audit.of_model(audit.entries_for(auditor), "curriculum.menuentry"))
    assert "每周菜单" in {change.label for change in line.changes}


def test_what_services_log_themselves_can_be_looked_for(client, auditor):
    page = sign_in(client, auditor).get(LIST).content.decode()
    assert '<option value="curriculum.checklistitem">清单事项</option>' in page
