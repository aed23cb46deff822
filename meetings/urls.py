from django.urls import path

from meetings.views import meetings, photos, record

from . import (
    urls_activity,
    urls_attendance,
    urls_checks,
    urls_documents,
    urls_leaders,
    urls_plans,
    urls_records,
    urls_search,
)

app_name = "meetings"
urlpatterns = [
    path("", meetings.meeting_list, name="meeting_list"),
    path("new/", record.meeting_create, name="meeting_create"),
    path("plan/", meetings.meeting_plan, name="meeting_plan"),
    path("<int:pk>/", meetings.meeting_detail, name="meeting_detail"),
    path("<int:pk>/record/", record.meeting_record, name="meeting_record"),
    path("<int:pk>/withdraw/", meetings.meeting_withdraw, name="meeting_withdraw"),
    path("<int:pk>/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path("<int:pk>/archive/", meetings.meeting_archive, name="meeting_archive"),
    path("<int:pk>/photos/", photos.photo_add, name="photo_add"),
    path("photos/<int:pk>/", photos.photo_show, name="photo_show"),
    path("photos/<int:pk>/remove/", photos.photo_remove, name="photo_remove"),
    *urls_activity.urlpatterns,
    *urls_attendance.urlpatterns,
    *urls_checks.urlpatterns,
    *urls_documents.urlpatterns,
    *urls_leaders.urlpatterns,
    *urls_plans.urlpatterns,
    *urls_records.urlpatterns,
    *urls_search.urlpatterns,
]
