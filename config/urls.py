"""Where each app's pages begin."""

from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("dashboard.urls")),
    path("", include("accounts.urls")),
    path("", include("branches.urls")),
    path("", include("curriculum.urls")),
    path("inbox/", include("notifications.urls")),
    path("meetings/", include("meetings.urls")),
    path("issues/", include("inspections.urls")),
]
