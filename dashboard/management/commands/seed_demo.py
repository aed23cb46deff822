"""manage.py seed_demo --scale township|county|city [--seed N]"""

from random import Random

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from branches.models import Organization
from dashboard.demo import bulk, exhibit, township

SCALES = {
    "county": {"branches": 500, "members": 12_000, "months": 16, "attendance_days": 45},
    "city": {"branches": 4_000, "members": 90_000, "months": 36, "attendance_days": 14},
}


class Command(BaseCommand):
    help = "装入演示数据：township 为示例乡镇，county、city 供测速。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=["township", *SCALES], default="township")
        parser.add_argument("--seed", type=int, default=2026, help="随机种子：相同则数据相同")

    def handle(self, *args, scale: str, seed: int, **options) -> None:
        today, rng = timezone.localdate(), Random(seed)  # noqa: S311 - demo data, not secrets
        if Organization.objects.exists():
            raise CommandError("数据库里已有党组织，演示数据只装入空库。")
        with transaction.atomic():
            if scale == "township":
                township.build(today=today, rng=rng)
                exhibit.build(today=today, password=township.PASSWORD)
            else:
                bulk.build(prefix=scale[0], today=today, rng=rng, **SCALES[scale])
        self.stdout.write(f"已装入演示数据（{scale}，种子{seed}）。")
