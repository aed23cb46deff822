"""Lists from spreadsheets: shown before, carried out as a whole, taken back while nothing depends.

`branches.roster` judges rows; here they are written, set by set. Such writes pass the audit log's
signals by: the rows of the import, kept with what stood there before, are the record, and the
import itself has its line in the log.
"""

from .flow import (
    KINDS,
    Preview,
    Report,
    apply_import,
    discard_preview,
    forget_old_previews,
    import_file,
    preview_file,
)
from .undo import undo_import

__all__ = [
    "KINDS",
    "Preview",
    "Report",
    "apply_import",
    "discard_preview",
    "forget_old_previews",
    "import_file",
    "preview_file",
    "undo_import",
]
