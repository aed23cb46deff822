from branches.models import ImportKind

from ._importing import ImportCommand


class Command(ImportCommand):
    help = "Imports the tree of Party organizations from a spreadsheet (README: 导入)."
    kind = ImportKind.ORGANIZATIONS
