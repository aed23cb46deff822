"""Uploading, looking, confirming and undoing in the browser, without scripts."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import ImportRow, Member, RosterImport
from tests import factories
from tests.branches.sheets import people, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


@pytest.fixture
def staff(client, branch):
    user = factories.person("staff", branch.township)
    client.force_login(user, backend="branches.backends.DutyBackend")
    return user


def upload(client, branch, file: BytesIO, name: str = "党员花名册.xlsx", kind: str = "roster"):
    return client.post(
        reverse("branches:import_create"),
        {
            "kind": kind,
            "organization": branch.township.pk,
            "file": SimpleUploadedFile(name, file.getvalue()),
        },
    )


def page_of(response, client):
    assert response.status_code == 302, response.context["form"].errors
    return client.get(response.headers["Location"]).text


def step(client, batch, name: str, **data) -> str:
    response = client.post(reverse(f"branches:import_{name}", args=[batch.pk]), data, follow=True)
    assert response.status_code == 200
    return response.text


def test_an_upload_is_shown_before_anything_is_written(client, branch, staff):
    factories.member(branch, "王强", phone="13800000000")
    file = people(
        person(党小组="第一党小组"),
        person("王强", 手机号码="13900000000"),
        person(姓名=None),
    )
    text = page_of(upload(client, branch, file), client)
    assert "缺少姓名" in text
    assert "还没有写入" in text
    assert Member.objects.count() == 1
    batch = RosterImport.objects.get()
    everything = client.get(reverse("branches:import_detail", args=[batch.pk]), {"outcome": "all"})
    assert "13800000000 → 13900000000" in everything.text
    assert "同时新设：第一党小组" in everything.text
    assert batch.file_name == "党员花名册.xlsx"


def test_good_rows_alone_are_imported_when_that_is_asked_for(client, branch, staff):
    text = page_of(upload(client, branch, people(person(), person(姓名=None))), client)
    assert 'name="partial" value="on">只导入无误的1行' in text
    assert "确认导入" not in text
    batch = RosterImport.objects.get()
    assert "有1行不予导入" in step(client, batch, "apply")
    assert not Member.objects.exists()
    assert "导入1行" in step(client, batch, "apply", partial="on")
    assert Member.objects.count() == 1
    assert "没有重复导入" in step(client, batch, "apply", partial="on")
    assert Member.objects.count() == 1


def test_an_import_is_undone_from_its_page(client, branch, staff):
    upload(client, branch, people(person()))
    batch = RosterImport.objects.get()
    step(client, batch, "apply")
    assert "恢复到导入之前" in step(client, batch, "undo")
    assert not Member.objects.exists()


def test_what_stands_in_the_way_of_undoing_is_named(client, branch, staff):
    upload(client, branch, people(person()))
    batch = RosterImport.objects.get()
    step(client, batch, "apply")
    factories.post(Member.objects.get())
    assert "不能撤销：李明已有党内职务记录。" in step(client, batch, "undo")
    assert Member.objects.exists()


def test_a_preview_can_be_discarded(client, branch, staff):
    upload(client, branch, people(person()))
    assert "什么都没有导入" in step(client, RosterImport.objects.get(), "discard")
    assert not RosterImport.objects.exists()
    assert not ImportRow.objects.exists()


def test_an_import_that_was_carried_out_cannot_be_discarded(client, branch, staff):
    upload(client, branch, people(person()))
    batch = RosterImport.objects.get()
    step(client, batch, "apply")
    assert "不能放弃" in step(client, batch, "discard")
    assert RosterImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是电子表格"),
        (b"PK\x03\x04abc", "损坏"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_at_its_field(client, branch, staff, content, words):
    response = upload(client, branch, BytesIO(content))
    assert response.status_code == 200
    assert words in str(response.context["form"].errors["file"])
    assert not RosterImport.objects.exists()


def test_identity_numbers_are_said_not_to_be_read(client, branch, staff):
    file = people(person(公民身份号码="342923197001010011", 家庭住址="某处"))
    text = page_of(upload(client, branch, file), client)
    assert "没有读取，也没有保存" in text
    assert "家庭住址" in text
    assert "342923" not in str(ImportRow.objects.get().values)


def test_refused_rows_come_back_as_a_sheet_without_formulas(client, branch, staff):
    csv = "姓名,入党日期,转正日期,所在党支部,手机号码\n李明,2000-07-01,2001-07-01,上峰村第一党支部,=1+1\n"
    upload(client, branch, BytesIO(csv.encode()), "名册.csv")
    url = reverse("branches:import_refused", args=[RosterImport.objects.get().pk])
    book = load_workbook(BytesIO(client.get(url).getvalue()))
    header, line = list(book.active.iter_rows(values_only=True))
    assert header[:3] == ("原表行号", "不予导入的原因", "姓名")
    assert line[:3] == (2, "号码里有数字以外的字", "李明")
    assert all(cell.data_type != "f" for row in book.active for cell in row)


def test_the_template_is_a_sheet_that_would_be_read(client, staff):
    response = client.get(reverse("branches:import_template", args=["organizations"]))
    book = load_workbook(BytesIO(response.getvalue()))
    assert "党组织全称" in [cell.value for cell in book.active[1]]
    assert client.get(reverse("branches:import_template", args=["nothing"])).status_code == 404


def test_a_person_with_two_townships_says_which(client, branch, staff):
    other = factories.township("木镇镇党委", parent=branch.township.parent)
    staff.duties.create(kind="staff", organization=other, from_on=factories.LONG_AGO)
    text = client.get(reverse("branches:import_create")).text
    assert "木镇镇党委" in text
    response = client.post(
        reverse("branches:import_create"),
        {"kind": "roster", "file": SimpleUploadedFile("a.xlsx", people(person()).getvalue())},
    )
    assert "organization" in response.context["form"].errors


def test_another_township_cannot_be_imported_into(client, branch, staff):
    other = factories.township("木镇镇党委", parent=branch.township.parent)
    response = client.post(
        reverse("branches:import_create"),
        {
            "kind": "roster",
            "organization": other.pk,
            "file": SimpleUploadedFile("a.xlsx", people(person()).getvalue()),
        },
    )
    assert "organization" in response.context["form"].errors
    assert not RosterImport.objects.exists()


def queries(client, url, assert_num_queries, number: int) -> None:
    with assert_num_queries(number):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_cost_the_same_for_one_row_and_for_twenty(
    client, branch, staff, count, django_assert_num_queries
):
    for _ in range(count):
        upload(client, branch, people(*(person(f"党员{chr(0x4E00 + n)}") for n in range(count))))
    batch = RosterImport.objects.first()
    queries(client, reverse("branches:import_list"), django_assert_num_queries, 3)
    detail = reverse("branches:import_detail", args=[batch.pk])
    queries(client, detail, django_assert_num_queries, 5)
    step(client, batch, "apply")
    queries(client, detail, django_assert_num_queries, 5)
