"""Routes: the automatic checks. Part of meetings/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
