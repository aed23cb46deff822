import pytest

from dashboard.views.about import NEVER
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_promise_names_its_ground(client):
    client.force_login(factories.user(), backend="branches.backends.DutyBackend")
    page = client.get("/about/").content.decode()
    for promise in NEVER:
        assert str(promise.never) in page
        assert promise.grounds
    assert "国办函〔2026〕12号" in page
