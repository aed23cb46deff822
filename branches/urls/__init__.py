"""The pages of this app, a list a room."""

from branches.urls import accounts, audit, calendar, imports, members, organizations, suggestions

app_name = "branches"
urlpatterns = [
    *organizations.urlpatterns,
    *members.urlpatterns,
    *imports.urlpatterns,
    *accounts.urlpatterns,
    *suggestions.urlpatterns,
    *calendar.urlpatterns,
    *audit.urlpatterns,
]
