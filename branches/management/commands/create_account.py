"""manage.py create_account NAME --full-name … --duty administrator --organization CODE

How a fresh installation gets its first account; all others are opened in the browser.
"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from branches.models import Duty, DutyKind, Organization
from branches.services import accounts


class Command(BaseCommand):
    help = "建立一个账号并授予一项职责，显示一次初始密码；首次登录须改密码。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="登录名")
        parser.add_argument("--full-name", required=True, help="姓名")
        parser.add_argument("--duty", required=True, choices=DutyKind.values)
        parser.add_argument("--organization", required=True, metavar="CODE", help="党组织编码")

    def handle(
        self, *args, username: str, full_name: str, duty: str, organization: str, **options
    ) -> None:
        place = Organization.objects.filter(code=organization).first()
        if place is None:
            raise CommandError(f"没有编码为“{organization}”的党组织。")
        account = User(username=username, full_name=full_name)
        given = Duty(kind=duty, organization=place, from_on=timezone.localdate())
        try:
            account.clean_fields(exclude=["password"])
            account.validate_unique()
            password = accounts.open_account(account, given)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(f"{username} 的初始密码：{password}")
