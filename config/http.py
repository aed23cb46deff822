"""What views share: refusing, paging, telling a fragment from a page; and whom we talk to."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

PAGE_SIZE = 50

GetResponse = Callable[[HttpRequest], HttpResponse]


def require(allowed: bool) -> None:
    """Answer 403 unless the permission was granted."""
    if not allowed:
        raise PermissionDenied


def next_url(request: HttpRequest, default: str) -> str:
    """Return where `next` leads, if that is a page of this house."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else default


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether only a part of the page is to be sent.

    A boosted link and a return through the browser's history need the whole page.
    """
    htmx = request.htmx  # type: ignore[attr-defined]  # django_htmx's middleware adds it
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


class OpenPaginator(Paginator):
    """Pages without a total: counting a city's meetings costs more than showing fifty of them.

    One row more than a page is fetched, and says whether there is a next one.
    """

    def page(self, number: int | str) -> "OpenPage":
        try:
            index = int(number)
        except (TypeError, ValueError):
            index = 0
        if index < 1:
            raise InvalidPage(number)
        start = (index - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        if index > 1 and not rows:
            raise InvalidPage(number)
        return OpenPage(rows[: self.per_page], index, self, has_next=len(rows) > self.per_page)


class OpenPage(Page):
    def __init__(self, rows: list, number: int, paginator: Paginator, *, has_next: bool) -> None:
        super().__init__(rows, number, paginator)
        self._has_next = has_next

    def __repr__(self) -> str:
        return f"<Page {self.number}>"

    def has_next(self) -> bool:
        return self._has_next

    def next_page_number(self) -> int:
        return self.number + 1

    def start_index(self) -> int:
        return (self.number - 1) * self.paginator.per_page + 1

    def end_index(self) -> int:
        return self.start_index() + len(self.object_list) - 1


def paginate(request: HttpRequest, rows: QuerySet | list, *, size: int = PAGE_SIZE) -> OpenPage:
    """Return the page that `?page=` asks for; one that does not exist is a 404."""
    try:
        return OpenPaginator(rows, size).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404 from error


class RemoteAddressMiddleware:
    """Make REMOTE_ADDR the visitor's address, for the lockout and the audit log.

    Behind our proxy it is the last entry of X-Forwarded-For, the one the proxy itself wrote.
    Without a proxy the header is whatever the visitor likes to write, and is dropped.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if settings.BEHIND_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return self.get_response(request)
