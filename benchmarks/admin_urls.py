"""The list of meetings as Django's admin shows it, for everybody who has signed in."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.urls import include, path

from meetings.models import Meeting


class OpenSite(AdminSite):
    def has_permission(self, request) -> bool:
        return request.user.is_authenticated


class MeetingAdmin(ModelAdmin):
    list_display = ["day", "title", "branch", "state", "submitted_at"]
    list_select_related = ["branch"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["title"]
    date_hierarchy = "day"

    def has_module_permission(self, request) -> bool:
        return True

    def has_view_permission(self, request, _meeting=None) -> bool:
        return True

    has_change_permission = has_delete_permission = has_add_permission = has_view_permission


site = OpenSite(name="admin")
site.register(Meeting, MeetingAdmin)

urlpatterns = [path("benchmark/admin/", site.urls), path("", include("config.urls"))]
