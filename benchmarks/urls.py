"""The product's pages and the two that they are compared with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def anchor(request: HttpRequest) -> HttpResponse:
    """The empty page of the application: its whole frame, and nothing in it."""
    return render(request, "benchmarks/anchor.html")


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    """The least this stack can answer: all its middleware, no session and no template."""
    return HttpResponse("hello")


urlpatterns = [
    path("benchmark/anchor/", anchor),
    path("benchmark/hello/", hello),
    path("", include("config.urls")),
]
