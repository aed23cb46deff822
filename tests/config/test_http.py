from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from config.http import RemoteAddressMiddleware, paginate, require, wants_fragment


def get(**query):
    return RequestFactory().get("/", query)


def test_require_lets_pass_what_is_allowed():
    require(True)
    with pytest.raises(PermissionDenied):
        require(False)


class Htmx(SimpleNamespace):
    def __init__(self, *, boosted=False, restore=False):
        super().__init__(boosted=boosted, history_restore_request=restore)


@pytest.mark.parametrize(
    ("htmx", "expected"),
    [(None, False), (Htmx(), True), (Htmx(boosted=True), False), (Htmx(restore=True), False)],
)
def test_a_fragment_is_sent_to_htmx_alone(htmx, expected):
    assert wants_fragment(SimpleNamespace(htmx=htmx)) is expected


def test_a_page_knows_its_neighbours_without_counting():
    rows = list(range(120))
    first = paginate(get(), rows, size=50)
    assert list(first) == rows[:50]
    assert first.has_next()
    assert not first.has_previous()
    last = paginate(get(page="3"), rows, size=50)
    assert list(last) == rows[100:]
    assert not last.has_next()
    assert last.previous_page_number() == 2
    assert (last.start_index(), last.end_index()) == (101, 120)


def test_an_exactly_full_page_has_no_next_one():
    assert not paginate(get(), list(range(50)), size=50).has_next()


def test_an_empty_list_has_one_empty_page():
    page = paginate(get(), [])
    assert list(page) == []
    assert not page.has_other_pages()


@pytest.mark.parametrize("number", ["0", "-1", "x", "3"])
def test_a_page_that_is_not_there_is_a_404(number):
    with pytest.raises(Http404):
        paginate(get(page=number), list(range(60)), size=50)


def remote_address(**headers):
    request = RequestFactory().get("/", **headers)
    RemoteAddressMiddleware(lambda r: HttpResponse())(request)
    return request.META["REMOTE_ADDR"], "HTTP_X_FORWARDED_FOR" in request.META


def test_a_forwarded_address_counts_only_behind_our_proxy(settings):
    forged = {"HTTP_X_FORWARDED_FOR": "10.0.0.9, 192.0.2.7", "REMOTE_ADDR": "127.0.0.1"}
    settings.BEHIND_PROXY = False
    assert remote_address(**forged) == ("127.0.0.1", False)
    settings.BEHIND_PROXY = True
    assert remote_address(**forged) == ("192.0.2.7", False)
    assert remote_address(REMOTE_ADDR="127.0.0.1") == ("127.0.0.1", False)
