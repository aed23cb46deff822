from django.urls import path

from branches.views import calendar

urlpatterns = [
    path("calendar/<int:year>/", calendar.calendar_edit, name="calendar_edit"),
    path("calendar/<int:year>/import/", calendar.calendar_import, name="calendar_import"),
]
