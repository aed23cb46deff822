"""Routes: the leader's three duties. Part of meetings/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
