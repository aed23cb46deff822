from django.urls import path

from branches.views import offices, organizations, stand_ins

urlpatterns = [
    path("organizations/", organizations.organization_list, name="organization_list"),
    path("organizations/export/", organizations.organization_export, name="organization_export"),
    path("organizations/<int:pk>/", organizations.organization_detail, name="organization_detail"),
    path(
        "organizations/<int:pk>/new/",
        organizations.organization_create,
        name="organization_create",
    ),
    path("organizations/<int:pk>/edit/", organizations.organization_edit, name="organization_edit"),
    path("organizations/<int:pk>/move/", organizations.organization_move, name="organization_move"),
    path(
        "organizations/<int:pk>/dissolve/",
        organizations.organization_dissolve,
        name="organization_dissolve",
    ),
    path("organizations/<int:pk>/groups/new/", offices.group_create, name="group_create"),
    path("organizations/groups/<int:pk>/edit/", offices.group_edit, name="group_edit"),
    path("organizations/groups/<int:pk>/dissolve/", offices.group_dissolve, name="group_dissolve"),
    path("organizations/<int:pk>/posts/new/", offices.post_create, name="post_create"),
    path("organizations/posts/<int:pk>/end/", offices.post_end, name="post_end"),
    path("organizations/<int:pk>/terms/new/", offices.term_open, name="term_open"),
    path("organizations/terms/<int:pk>/extend/", offices.term_extend, name="term_extend"),
    path(
        "organizations/<int:pk>/contact-points/new/",
        offices.contact_point_create,
        name="contact_point_create",
    ),
    path(
        "organizations/contact-points/<int:pk>/end/",
        offices.contact_point_end,
        name="contact_point_end",
    ),
    path("leaders/<int:pk>/stand-ins/", stand_ins.stand_in_create, name="stand_in_create"),
    path("leaders/stand-ins/<int:pk>/end/", stand_ins.stand_in_end, name="stand_in_end"),
]
