"""manage.py demo_accounts: one sign-in per role of the demo township."""

from django.core.management.base import BaseCommand

from branches.models import Duty
from dashboard.demo.township import PASSWORD

SHOWN = (
    "dangjian",
    "zhibu01",
    "weiyuan01",
    "lingdao1",
    "shuji",
    "xianwei",
    "guanli",
    "shenji",
    # The township in which every automatic check finds something.
    "shili",
    "shili01",
)


class Command(BaseCommand):
    help = "列出演示账号，每种职责一个；没有演示数据时什么也不列。"

    def handle(self, *args, **options) -> None:
        duties = {
            duty.user.username: duty
            for duty in Duty.objects.filter(user__username__in=SHOWN).select_related(
                "user", "organization"
            )
        }
        for username in SHOWN:
            if duty := duties.get(username):
                where = f"{duty.get_kind_display()} · {duty.organization.short_name}"
                self.stdout.write(f"  {username:<10} {PASSWORD}   {where}")
