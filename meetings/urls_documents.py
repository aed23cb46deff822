"""Routes: documents and calendar feeds. Part of meetings/urls.py."""

from django.urls import path

from meetings.views import documents, feeds

urlpatterns = [
    path("documents/", documents.document_list, name="document_list"),
    path("documents/new/", documents.document_ask, name="document_ask"),
    path("<int:pk>/documents/", documents.minutes_ask, name="minutes_ask"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/retry/", documents.document_retry, name="document_retry"),
    path("documents/<int:pk>/file/", documents.document_file, name="document_file"),
    path("calendars/", feeds.feed_open, name="feed_open"),
    path("calendars/<int:pk>/renew/", feeds.feed_renew, name="feed_renew"),
    path("calendars/<int:pk>/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("calendars/<str:token>.ics", feeds.feed_show, name="feed_show"),
]
