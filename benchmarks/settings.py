"""The product's settings on data of the run's own, with two pages more to compare with."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["BADU_VAR"] = tempfile.mkdtemp(prefix="badu-benchmark-")
# Given to the servers that a benchmark starts, so that they know its sessions.
os.environ["BADU_SECRET_KEY"] = "for measuring only, and long enough to be accepted"  # noqa: S105
for name in ("BADU_DEBUG", "BADU_HOSTS", "BADU_HTTPS", "BADU_PROXY", "BADU_EMAIL_URL", "REDIS_URL"):
    os.environ.pop(name, None)
atexit.register(shutil.rmtree, os.environ["BADU_VAR"], ignore_errors=True)

from config.settings import *  # noqa: E402, F403
from config.settings import TEMPLATES  # noqa: E402

ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
