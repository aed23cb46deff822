"""Routes: attendance, make-ups, sign-in sheets, dues. Part of meetings/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
