from notifications.models import Notice
from tests import factories
from tests.access.rows import Row, everyone, statuses


def build(world) -> None:
    world.objects["notice"] = Notice.objects.create(
        recipient=world.people["secretary"],
        key="test",
        title="第48周清单已发布",
        created_at=factories.NOON,
        due_at=factories.NOON,
        delivered_at=factories.NOON,
    )


ACCESS = {
    "notifications:notice_list": Row("get", everyone()),
    "notifications:notice_read_all": Row("post", everyone(302)),
    "notifications:notice_open": Row(
        "post", statuses(404, secretary=302), args=lambda w: [w.notice.pk]
    ),
}
