"""Routes: the record: autosave, versions, joint meetings, the fill-in sheet. Part of meetings/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
