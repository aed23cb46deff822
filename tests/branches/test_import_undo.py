"""Confirming an import once, and taking it back while nothing rests on it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ForeignObjectRel

from branches.models import (
    ImportKind,
    ImportRow,
    Member,
    Membership,
    Organization,
    PartyGroup,
    RosterImport,
)
from branches.services import imports
from branches.services.imports.undo import referring_relations
from branches.tasks import forget_old_previews
from meetings.models import Attendance, Meeting
from tests import factories
from tests.branches import sheets
from tests.branches.sheets import people, person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


@pytest.fixture
def staff(branch):
    return factories.person("staff", branch.township)


def preview(file, branch, staff, *, at=NOW, kind=ImportKind.ROSTER) -> RosterImport:
    return imports.preview_file(
        file, "名册.xlsx", kind=kind, organization=branch.township, by=staff, at=at
    ).batch


def applied(file, branch, staff, *, at=NOW, kind=ImportKind.ROSTER) -> RosterImport:
    batch = preview(file, branch, staff, at=at, kind=kind)
    assert imports.apply_import(batch, by=staff, at=at)
    batch.refresh_from_db()
    return batch


def snapshot() -> list:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Member, Membership, PartyGroup, Organization)
    ]


def obstacle(batch, staff) -> str:
    """Try to undo; return why it cannot be done and hold that nothing was."""
    before = snapshot()
    with pytest.raises(ValidationError) as caught:
        imports.undo_import(batch, by=staff, at=LATER)
    assert snapshot() == before
    batch.refresh_from_db()
    assert batch.undone_at is None
    return " ".join(caught.value.messages)


# --- Confirming --------------------------------------------------------------------------------


def test_a_preview_writes_no_member(branch, staff):
    batch = preview(people(person()), branch, staff)
    assert not Member.objects.exists()
    assert batch.rows.get().outcome == "created"


def test_a_preview_is_carried_out_once(branch, staff):
    batch = preview(people(person()), branch, staff)
    assert imports.apply_import(batch, by=staff, at=NOW)
    assert not imports.apply_import(batch, by=staff, at=NOW)
    assert Member.objects.count() == 1
    assert batch.rows.get().member == Member.objects.get()


def test_a_refused_row_keeps_the_others_out_unless_they_are_asked_for(branch, staff):
    batch = preview(people(person(), person("王强", 手机号码="1")), branch, staff)
    with pytest.raises(ValidationError, match="有1行不予导入"):
        imports.apply_import(batch, by=staff, at=NOW)
    batch.refresh_from_db()
    assert batch.applied_at is None
    assert not Member.objects.exists()
    assert imports.apply_import(batch, by=staff, at=NOW, partial=True)
    assert [member.name for member in Member.objects.all()] == ["李明"]


def test_what_changed_since_the_preview_is_shown_again_first(branch, staff):
    batch = preview(people(person()), branch, staff)
    factories.member(branch, "李明", phone="13800000000")
    with pytest.raises(ValidationError, match="已重新核对"):
        imports.apply_import(batch, by=staff, at=NOW)
    assert batch.rows.get().outcome == "unchanged"
    assert imports.apply_import(batch, by=staff, at=NOW)


def test_an_import_has_its_line_in_the_audit_log(branch, staff):
    batch = applied(people(person()), branch, staff)
    imports.undo_import(batch, by=staff, at=LATER)
    lines = LogEntry.objects.get_for_object(batch).filter(action=LogEntry.Action.UPDATE)
    assert {field for line in lines for field in line.changes} == {"applied_at", "undone_at"}
    assert {line.actor for line in lines} == {staff}


# --- Taking back -------------------------------------------------------------------------------


def test_undoing_leaves_everything_as_it_was(branch, staff):
    group = factories.group(branch)
    factories.member(branch, "王强", group=group, phone="13800000000", from_on=date(2020, 1, 1))
    factories.member(branch, "赵丽", group=group, from_on=date(2026, 11, 24))
    before = snapshot()
    batch = applied(
        people(
            person(党小组="第三党小组"),
            person("王强", 党小组="第二党小组", 手机号码="13900000000"),
            person("赵丽", 党小组="第二党小组"),
        ),
        branch,
        staff,
    )
    assert snapshot() != before
    assert imports.undo_import(batch, by=staff, at=LATER)
    assert snapshot() == before
    assert not imports.undo_import(batch, by=staff, at=LATER)


def test_undoing_organizations_leaves_the_tree_as_it_was(branch, staff):
    before = snapshot()
    headers = ("党组织全称", "组织类别", "上级党组织", "成立日期")
    file = sheets.workbook(
        (
            "党组织",
            [
                headers,
                ("中共杜村乡西河村第一党支部", "党支部", "西河村党总支", ""),
                ("中共杜村乡西河村总支部委员会", "党总支", "杜村乡党委", ""),
                ("中共上峰村第一党支部", "党支部", "杜村乡党委", "2005-06-01"),
            ],
        )
    )
    batch = applied(file, branch, staff, kind=ImportKind.ORGANIZATIONS)
    assert Organization.objects.count() == 5
    assert imports.undo_import(batch, by=staff, at=LATER)
    assert snapshot() == before


def test_undone_the_same_file_can_be_imported_again(branch, staff):
    imports.undo_import(applied(people(person()), branch, staff), by=staff, at=LATER)
    applied(people(person()), branch, staff, at=LATER)
    assert Member.objects.count() == 1


def test_a_member_who_attended_since_stays(branch, staff):
    batch = applied(people(person(), person("王强")), branch, staff)
    member = Member.objects.get(name="王强")
    meeting = factories.meeting(branch)
    Attendance.objects.create(meeting=meeting, member=member)
    assert "王强" in obstacle(batch, staff)
    assert Meeting.objects.filter(pk=meeting.pk).exists()


def test_a_member_in_office_since_stays(branch, staff):
    batch = applied(people(person()), branch, staff)
    factories.post(Member.objects.get())
    assert "李明已有党内职务记录。" in obstacle(batch, staff)


def test_a_member_edited_since_stays(branch, staff):
    batch = applied(people(person()), branch, staff)
    Member.objects.update(phone="13700000000")
    assert "李明在导入之后又改过“手机号码”。" in obstacle(batch, staff)


def test_a_changed_member_edited_since_is_not_set_back(branch, staff):
    factories.member(branch, "李明", phone="13800000000")
    batch = applied(people(person(手机号码="13900000000")), branch, staff)
    Member.objects.update(phone="13700000000")
    assert "手机号码" in obstacle(batch, staff)


def test_other_changes_of_a_changed_member_do_not_matter(branch, staff):
    factories.member(branch, "李明", phone="13800000000")
    batch = applied(people(person(手机号码="13900000000")), branch, staff)
    Member.objects.update(note="已联系")
    assert imports.undo_import(batch, by=staff, at=LATER)
    assert (Member.objects.get().phone, Member.objects.get().note) == ("13800000000", "已联系")


def test_a_member_transferred_and_back_since_stays(branch, staff):
    batch = applied(people(person()), branch, staff)
    member = Member.objects.get()
    member.memberships.update(to_on=date(2026, 11, 24))
    Membership.objects.create(member=member, branch=branch, from_on=date(2026, 11, 24))
    assert "李明在导入之后有过组织关系变动。" in obstacle(batch, staff)


def test_a_regrouped_member_moved_on_since_stays(branch, staff):
    factories.member(branch, "李明", group=factories.group(branch))
    batch = applied(people(person(党小组="第二党小组")), branch, staff)
    Membership.objects.filter(to_on=None).update(to_on=date(2026, 11, 25))
    assert "组织关系变动" in obstacle(batch, staff)


def test_an_organization_with_members_since_stays(branch, staff):
    headers = ("党组织全称", "组织类别", "上级党组织")
    file = sheets.workbook(
        ("表", [headers, ("中共杜村乡西河村支部委员会", "党支部", "杜村乡党委")])
    )
    batch = applied(file, branch, staff, kind=ImportKind.ORGANIZATIONS)
    factories.member(Organization.objects.get(short_name="西河村党支部"))
    assert "西河村党支部已有" in obstacle(batch, staff)


def test_an_earlier_import_waits_for_the_later_one(branch, staff):
    first = applied(people(person()), branch, staff)
    second = applied(people(person("王强")), branch, staff, at=LATER)
    assert "先撤销后来的" in obstacle(first, staff)
    assert imports.undo_import(second, by=staff, at=LATER)
    assert imports.undo_import(first, by=staff, at=LATER)


def test_the_import_that_made_the_township_itself_stays():
    with sheets.ORGANIZATIONS.open("rb") as file:
        imports.import_file(
            file, "党组织.xlsx", kind=ImportKind.ORGANIZATIONS, organization=None, at=NOW
        )
    staff = factories.person("staff", Organization.objects.townships().get())
    assert "最上级" in obstacle(RosterImport.objects.get(), staff)


def test_undoing_looks_at_every_relation_into_members():
    """Guards the trick: relations of apps above, hidden ones included, are found by themselves."""
    found = {(r.related_model._meta.label, r.field.name) for r in referring_relations(Member)}
    assert {("meetings.Attendance", "member"), ("branches.Post", "member")} <= found
    hidden = {
        (r.related_model._meta.label, r.field.name) for r in referring_relations(Member) if r.hidden
    }
    assert hidden
    assert all(isinstance(r, ForeignObjectRel) for r in referring_relations(Member))


def test_a_member_who_chaired_a_meeting_since_stays(branch, staff):
    batch = applied(people(person()), branch, staff)
    factories.meeting(branch, chair=Member.objects.get())
    assert "李明已有" in obstacle(batch, staff)


# --- Previews are not kept ---------------------------------------------------------------------


def test_a_preview_nobody_confirmed_is_forgotten_after_a_day(branch, staff):
    old = preview(people(person()), branch, staff)
    young = preview(people(person()), branch, staff, at=NOW + timedelta(hours=2))
    assert imports.forget_old_previews(at=NOW + timedelta(hours=25)) == 1
    assert list(RosterImport.objects.all()) == [young]
    assert not ImportRow.objects.filter(batch_id=old.pk).exists()


def test_what_was_carried_out_is_not_forgotten(branch, staff):
    applied(people(person()), branch, staff)
    forget_old_previews()
    assert RosterImport.objects.count() == 1
    assert not imports.discard_preview(RosterImport.objects.get())


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_import_once():
    branch = factories.branch("上峰村第一党支部")
    staff = factories.person("staff", branch.township)
    batch = preview(people(*(person(f"党员{chr(0x4E00 + n)}") for n in range(50))), branch, staff)
    gate = Barrier(2)

    def confirm() -> bool:
        mine = RosterImport.objects.select_related("organization").get(pk=batch.pk)
        gate.wait(timeout=30)
        try:
            return imports.apply_import(mine, by=staff, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = [
            future.result(timeout=60) for future in [pool.submit(confirm) for _ in range(2)]
        ]
    assert sorted(outcomes) == [False, True]
    assert Member.objects.count() == 50
