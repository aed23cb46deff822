import time
from pathlib import Path

from django.conf import settings

from curriculum.weekly import weekly_menu


@weekly_menu.register("zz-slow")
def dawdle(branches, week):
    """Come last, say that the week is half written, and wait; offer nothing."""
    mark = Path(settings.VAR) / "half-written"
    if not mark.exists():
        mark.touch()
        time.sleep(20)
    return []
