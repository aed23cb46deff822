"""Routes: search. Part of meetings/urls.py."""

from django.urls import path

from meetings.views import search

urlpatterns = [path("search/", search.search, name="search")]
