"""The pages of this app, a list a room."""

from branches.urls import members, organizations

app_name = "branches"
urlpatterns = [*organizations.urlpatterns, *members.urlpatterns]
