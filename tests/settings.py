"""The product's settings on data of its own; DATABASE_URL and REDIS_URL still choose the servers."""

import atexit
import os
import shutil
import tempfile

# Each test process keeps its files apart, and nobody's installation is touched.
os.environ["BADU_VAR"] = tempfile.mkdtemp(prefix="badu-test-")
os.environ["BADU_SECRET_KEY"] = "for tests only, and long enough to be accepted"
for name in ("BADU_DEBUG", "BADU_HOSTS", "BADU_HTTPS", "BADU_PROXY", "BADU_EMAIL_URL"):
    os.environ.pop(name, None)
if os.environ.get("DATABASE_URL", "").startswith("sqlite"):
    del os.environ["DATABASE_URL"]
atexit.register(shutil.rmtree, os.environ["BADU_VAR"], ignore_errors=True)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT, STORAGES, VAR  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in real life: in memory, SQLite's threads lock each other out at once.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}

# The real one is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The live server serves through the finders; hashed names are tested with a real web server.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Empty, but there: WhiteNoise warns of a folder that is missing.
STATIC_ROOT.mkdir()
