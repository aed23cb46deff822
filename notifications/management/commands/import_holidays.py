"""Write a year's published public holidays and make-up working days into the calendar."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from notifications import services
from notifications.holidays import NotPublishedError


class Command(BaseCommand):
    help = "Import the published holiday arrangement of a year, e.g. import_holidays 2027."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *, year: int, **options) -> None:
        try:
            count = services.import_year(year)
        except NotPublishedError as error:
            raise CommandError(
                _(
                    "%(year)s年的放假安排尚未收录。请在国务院办公厅公布后升级chinesecalendar，"
                    "或在“节假日与调休”页面手工录入。"
                )
                % {"year": year}
            ) from error
        self.stdout.write(_("已导入%(year)s年的%(count)s天。") % {"year": year, "count": count})
