"""Where each app's pages begin."""

from importlib.util import find_spec

from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *(
        path(prefix, include(f"{app}.urls"))
        for prefix, app in (
            ("", "dashboard"),
            ("", "accounts"),
            ("inbox/", "notifications"),
            ("", "branches"),
            ("", "curriculum"),
            ("meetings/", "meetings"),
            ("issues/", "inspections"),
        )
        if (spec := find_spec(f"{app}.urls")) and spec.origin
    ),
]
