"""Records of every kind as they come to be printed, and how a printed page is read back."""

import io
import subprocess
from contextlib import closing
from datetime import date
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
from django.core.files.base import ContentFile
from PIL import Image

from branches.models import Organization, PostRole
from meetings.models import (
    AgendaItem,
    Appraisal,
    Attendance,
    Candidate,
    Criticism,
    Meeting,
    MeetingPhoto,
    Problem,
    Vote,
)
from tests import factories

TEXT = (
    "会议认为，要把学习成果转化为推动乡村振兴的实际行动，逐户走访困难党员和群众，"
    "把茶园管护、防汛值守、环境整治三件事落到人、落到天。"
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = "建国"


def branch(members: int = 60, name: str = "上峰村第一党支部") -> Organization:
    """A branch with a secretary and so many members of different names."""
    made = factories.branch(name)
    people = [
        factories.member(
            made,
            f"{SURNAMES[n % len(SURNAMES)]}{GIVEN[n // len(SURNAMES) % 2]}{'明强华'[n % 3]}",
            initials=f"m{n:03d}",
        )
        for n in range(members)
    ]
    factories.post(people[0], PostRole.SECRETARY)
    return made


def record(branch: Organization, kinds: tuple[str, ...], title: str, **fields) -> Meeting:
    """A record with the whole branch present save four, a first topic and two items."""
    people = list(branch.members.order_by("initials"))
    fields.setdefault("day", date(2026, 11, 10))
    made = factories.meeting(
        branch,
        kinds=kinds,
        title=title,
        chair=people[0],
        recorder=people[1],
        present=tuple(people),
        summary="大家的发言都很实在，会后按分工抓好落实。",
        **fields,
    )
    away = made.attendance.filter(member__in=people[-4:-1])
    away.update(state="leave", reason="sick")
    made.attendance.filter(member=people[-1]).update(state="absent")
    items = (
        ("first_topic", "学习习近平总书记关于基层党建的重要论述"),
        ("topic", "通报第三季度党费收缴情况"),
        ("topic", "研究冬季防火和困难党员走访"),
    )
    for position, (kind, item) in enumerate(items, start=1):
        AgendaItem.objects.create(
            meeting=made,
            position=position,
            kind=kind,
            title=item,
            speaker=people[0].name,
            source_on=date(2026, 10, 1) if kind == "first_topic" else None,
            minutes="\n".join([f"{people[2].name}：{TEXT}", f"{people[3].name}：{TEXT}"]),
            resolution="由组织委员牵头，月底前走访完毕。",
        )
    made.guests.create(name="汪诚", position="乡党委组织委员")
    return made


def decision(meeting: Meeting, title: str = "通过支部年度计划", **ballots) -> Vote:
    item = AgendaItem.objects.create(meeting=meeting, position=20, kind="decision", title=title)
    return Vote.objects.create(item=item, **({"rule": "ordinary", "in_favour": 56} | ballots))


def one_of_each(branch: Organization) -> dict[str, Meeting]:
    """A record of every kind, each with what only that kind has."""
    people = list(branch.members.order_by("initials"))
    made = {
        "assembly": record(branch, ("assembly", "theme_day"), "十一月支部党员大会"),
        "committee": record(branch, ("committee",), "十一月支委会", day=date(2026, 11, 5)),
        "lecture": record(branch, ("lecture",), "冬季农技党课", day=date(2026, 11, 12)),
        "org_life": record(branch, ("org_life",), "专题组织生活会", day=date(2026, 11, 14)),
        "evaluation": record(branch, ("evaluation",), "民主评议党员", day=date(2026, 11, 15)),
        "talk": factories.meeting(
            branch,
            kinds=("talk",),
            title="与青年党员谈心谈话",
            day=date(2026, 11, 16),
            chair=people[0],
            recorder=people[0],
            present=tuple(people[:2]),
            summary=TEXT,
        ),
    }
    decision(made["assembly"])
    election = decision(
        made["committee"], "补选宣传委员", rule="election", in_favour=40, is_secret=True
    )
    for position, (name, votes) in enumerate((("周建强", 40), ("吴建华", 16)), start=1):
        Candidate.objects.create(vote=election, position=position, name=name, in_favour=votes)
    decision(
        made["lecture"],
        "讨论接收预备党员",
        rule="admission",
        is_secret=True,
        in_favour=55,
        against=1,
        step="admit",
        candidate="许小满",
        introducers="赵建明、钱建强",
    )
    for position, person in enumerate(people[:6], start=1):
        Criticism.objects.create(
            meeting=made["org_life"],
            position=position,
            speaker=person,
            target=people[7] if position % 2 else None,
            text=TEXT,
        )
    Problem.objects.create(
        meeting=made["org_life"],
        position=1,
        member=people[0],
        text="调查研究不够深入，到组入户少。",
        remedy="每月入户不少于十户。",
        responsible=people[0],
        due_on=date(2026, 12, 31),
    )
    for number, person in enumerate(people):
        Appraisal.objects.create(
            meeting=made["evaluation"],
            member=person,
            excellent=20,
            qualified=36,
            grade="excellent" if number < 20 else "qualified",
        )
    return made


def add_photos(meeting: Meeting, how_many: int, size: tuple[int, int] = (1600, 1200)) -> None:
    for number in range(how_many):
        out = io.BytesIO()
        Image.new("RGB", size, (120, 30 + 40 * (number % 5), 60)).save(out, "JPEG")
        photo = MeetingPhoto(meeting=meeting, added_at=factories.NOON)
        photo.image.save(f"paper-{number}.jpg", ContentFile(out.getvalue()))


def attended(meeting: Meeting, name: str) -> Attendance:
    return meeting.attendance.get(member__name=name)


# --- Reading back -------------------------------------------------------------------------------


def pages(content: bytes) -> list[str]:
    """Return the text of each page, without line ends: a sentence may run over one."""
    with closing(pypdfium2.PdfDocument(content)) as document:
        found = []
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                found.append(text.get_text_range().replace("\r", "").replace("\n", ""))
        return found


def lines(content: bytes, page: int) -> list[str]:
    """Return the lines of one page as they were set."""
    with (
        closing(pypdfium2.PdfDocument(content)) as document,
        closing(document[page]) as opened,
        closing(opened.get_textpage()) as text,
    ):
        return text.get_text_range().replace("\r", "").split("\n")


def has_its_fonts(content: bytes) -> bool:
    """Say whether every piece of text of the first page is set in an embedded font."""
    with closing(pypdfium2.PdfDocument(content)) as document, closing(document[0]) as page:
        texts = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]))
        fonts = [raw.FPDFTextObj_GetFont(text.raw) for text in texts]
        return bool(fonts) and all(raw.FPDFFont_GetIsEmbedded(font) for font in fonts)


def first_page(content: bytes, scale: float = 1.0) -> Image.Image:
    with closing(pypdfium2.PdfDocument(content)) as document, closing(document[0]) as page:
        return page.render(scale=scale).to_pil()


def converted(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return what LibreOffice makes of Word documents: their PDFs, by the same names."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            folder / "out",
            *(folder / f"{name}.docx" for name in files),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {name: (folder / "out" / f"{name}.pdf").read_bytes() for name in files}
