from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from branches.models import ImportKind, Organization

from ._importing import ImportCommand


class Command(ImportCommand):
    help = "Imports members and their branches from a spreadsheet; the organizations come first."
    kind = ImportKind.ROSTER

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--organization", metavar="CODE", help="the part of the tree that the file is for"
        )

    def organization(self, options: dict) -> Organization | None:
        code = options["organization"]
        if not code:
            return None
        found = Organization.objects.filter(code=code).first()
        if found is None:
            raise CommandError(_("没有编码为%(code)s的党组织。") % {"code": code})
        return found
