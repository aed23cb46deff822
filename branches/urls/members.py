from django.urls import path

from branches.views import members, memberships

urlpatterns = [
    path("members/", members.member_list, name="member_list"),
    path("members/export/", members.member_export, name="member_export"),
    path("members/export/phones/", members.member_export_phones, name="member_export_phones"),
    path("organizations/<int:pk>/members/new/", members.member_create, name="member_create"),
    path("members/<int:pk>/", members.member_detail, name="member_detail"),
    path("members/<int:pk>/edit/", members.member_edit, name="member_edit"),
    path("members/<int:pk>/transfer/", memberships.member_transfer, name="member_transfer"),
    path("members/<int:pk>/return/", memberships.member_return, name="member_return"),
    path("members/<int:pk>/leave/", memberships.member_leave, name="member_leave"),
    path("members/<int:pk>/regroup/", memberships.member_regroup, name="member_regroup"),
    path("members/<int:pk>/contacts/", members.contact_note, name="contact_note"),
    path("members/contacts/<int:pk>/remove/", members.contact_remove, name="contact_remove"),
    path("members/<int:pk>/exemptions/new/", memberships.exemption_create, name="exemption_create"),
    path("members/exemptions/<int:pk>/end/", memberships.exemption_end, name="exemption_end"),
]
