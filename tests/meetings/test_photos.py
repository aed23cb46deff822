"""Pictures: made anew without what came with them, and shown only to those who may see the meeting."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from meetings import photos
from meetings.models import Meeting, MeetingPhoto, MeetingState
from tests import factories

ORIENTATION, MODEL, GPS = 0x0112, 0x0110, 0x8825


def picture(
    kind="JPEG", size=(60, 40), name="会议.jpg", exif=None, mode="RGB"
) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(name, out.getvalue())


def opened(content) -> Image.Image:
    return Image.open(io.BytesIO(content.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_become_jpegs_under_a_name_that_says_nothing(kind):
    made = photos.remade(picture(kind, name="张三身份证.png"))
    assert opened(made).format == "JPEG"
    assert made.name.endswith(".jpg")
    assert "张三" not in made.name


def test_place_and_device_are_dropped_and_the_turn_is_kept():
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = 6, "手机"
    exif.get_ifd(GPS)[1] = "N"
    made = opened(photos.remade(picture(exif=exif)))
    assert not dict(made.getexif())
    assert "exif" not in made.info
    assert made.size == (40, 60)


def test_large_pictures_are_made_smaller():
    assert max(opened(photos.remade(picture(size=(4000, 1000)))).size) == photos.MAX_SIDE_PIXELS


def test_transparent_parts_are_white():
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    made = opened(photos.remade(SimpleUploadedFile("a.png", out.getvalue())))
    assert made.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("a.jpg", b"not a picture"), "不是可用的"),
        (SimpleUploadedFile("a.jpg", picture().read()[:300]), "不是可用的"),
        (SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "不是可用的"),
        (picture("GIF", mode="P"), "不是可用的"),
        (picture("PNG", size=(8000, 7000), mode="1"), "尺寸过大"),
        (SimpleUploadedFile("a.jpg", b"x" * (photos.MAX_BYTES + 1)), "超过 20 MB"),
    ],
)
def test_what_is_no_picture_or_a_bomb_is_refused(file, said):
    with pytest.raises(ValidationError, match=said):
        photos.remade(file)


def test_a_photo_of_twelve_megabytes_is_taken_and_made_small():
    noise = Image.merge("RGB", [Image.effect_noise((4000, 3000), 90)] * 3)
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    assert 12_000_000 < len(out.getvalue()) < photos.MAX_BYTES
    made = photos.remade(SimpleUploadedFile("现场.jpg", out.getvalue()))
    assert opened(made).size == (2000, 1500)
    assert made.size < 3_000_000


def test_what_an_iphone_takes_is_turned_and_stripped():
    # Red above blue once turned; encoded by us from a drawing of two rectangles.
    heic = (Path(__file__).parent.parent / "data" / "turned.heic").read_bytes()
    made = opened(photos.remade(SimpleUploadedFile("IMG_0001.HEIC", heic)))
    assert (made.format, made.size) == ("JPEG", (64, 96))
    assert made.getpixel((32, 10))[0] > 150 > made.getpixel((10, 90))[0]
    assert not dict(made.getexif())


@pytest.mark.parametrize("length", [24, 200, 500, 640])
def test_half_a_heic_is_refused_and_breaks_nothing(length):
    heic = (Path(__file__).parent.parent / "data" / "turned.heic").read_bytes()
    with pytest.raises(ValidationError, match="不是可用的"):
        photos.remade(SimpleUploadedFile("IMG_0001.HEIC", heic[:length]))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("程序.jpg", b"MZ\x90\x00" + b"\0" * 200),
        ("程序.jpg", b"\x7fELF" + b"\0" * 200),
        ("网页.jpg", b"<html><script>alert(1)</script></html>"),
        ("图.jpg", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("文档.jpg", b"%PDF-1.7"),
        ("空.jpg", b"\xff\xd8\xff"),
    ],
)
def test_the_name_of_a_file_says_nothing(name, content):
    with pytest.raises(ValidationError, match=f"“{name}”不是可用的图片，没有保存"):
        photos.remade(SimpleUploadedFile(name, content))


@pytest.fixture
def branch(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.branch()


def signed_in(kind, organization) -> Client:
    client = Client()
    who = factories.person(kind, organization)
    client.force_login(who, backend="branches.backends.DutyBackend")
    return client


def test_a_picture_is_added_shown_and_removed_with_its_file(branch):
    meeting = factories.meeting(branch)
    secretary = signed_in("secretary", branch)
    sent = {"photos": [picture(), picture(name="二.jpg")]}
    assert secretary.post(f"/meetings/{meeting.pk}/photos/", sent).status_code == 302
    assert MeetingPhoto.objects.count() == 2
    photo = MeetingPhoto.objects.first()
    response = secretary.get(f"/meetings/photos/{photo.pk}/")
    assert response.headers["Content-Type"] == "image/jpeg"
    assert "private" in response.headers["Cache-Control"]
    assert (
        f"/meetings/photos/{photo.pk}/"
        in secretary.get(meeting.get_absolute_url()).content.decode()
    )
    secretary.post(f"/meetings/photos/{photo.pk}/remove/")
    assert MeetingPhoto.objects.count() == 1
    assert not default_storage.exists(photo.image.name)


def test_a_refused_picture_is_told_and_nothing_is_kept(branch):
    meeting = factories.meeting(branch)
    secretary = signed_in("secretary", branch)
    sent = {"photos": [picture(), SimpleUploadedFile("表.jpg", b"no")]}
    response = secretary.post(f"/meetings/{meeting.pk}/photos/", sent, follow=True)
    assert "“表.jpg”不是可用的" in response.content.decode()
    assert not MeetingPhoto.objects.exists()


def test_a_refused_picture_never_costs_the_record(branch):
    chair = factories.member(branch)
    secretary = signed_in("secretary", branch)
    sent = {
        "action": "draft",
        "kinds": ["theme_day"],
        "day": timezone.localdate().isoformat(),
        "title": "写了很久的记录",
        "chair": chair.pk,
        "first_title": "全会公报",
        "item-TOTAL_FORMS": 0,
        "item-INITIAL_FORMS": 0,
        "photos": [picture(), SimpleUploadedFile("程序.jpg", b"MZ")],
    }
    url = f"/meetings/new/?branch={branch.pk}&kind=theme_day"
    response = secretary.post(url, sent, follow=True)
    assert Meeting.objects.get().title == "写了很久的记录"
    assert MeetingPhoto.objects.count() == 1
    assert "“程序.jpg”不是可用的图片" in response.content.decode()


def test_no_address_leads_to_the_files_themselves(branch):
    meeting = factories.meeting(branch)
    secretary = signed_in("secretary", branch)
    secretary.post(f"/meetings/{meeting.pk}/photos/", {"photos": [picture()]})
    name = MeetingPhoto.objects.get().image.name
    for url in (f"/media/{name}", f"/static/{name}", f"/{name}"):
        assert secretary.get(url).status_code == 404
    neighbour = signed_in("secretary", factories.branch())
    assert neighbour.get(f"/meetings/photos/{MeetingPhoto.objects.get().pk}/").status_code == 404


def test_an_archived_meeting_keeps_its_pictures_as_they_are(branch):
    meeting = factories.meeting(branch)
    secretary = signed_in("secretary", branch)
    secretary.post(f"/meetings/{meeting.pk}/photos/", {"photos": [picture()]})
    Meeting.objects.update(state=MeetingState.ARCHIVED)
    secretary.post(f"/meetings/{meeting.pk}/photos/", {"photos": [picture()]})
    secretary.post(f"/meetings/photos/{MeetingPhoto.objects.get().pk}/remove/")
    assert MeetingPhoto.objects.count() == 1
