from django.urls import path

from branches.views import accounts

urlpatterns = [
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/new/", accounts.account_create, name="account_create"),
    path("accounts/<int:pk>/", accounts.account_edit, name="account_edit"),
    path(
        "accounts/<int:pk>/reset-password/",
        accounts.account_reset_password,
        name="account_reset_password",
    ),
    path("accounts/<int:pk>/deactivate/", accounts.account_deactivate, name="account_deactivate"),
    path("accounts/<int:pk>/activate/", accounts.account_activate, name="account_activate"),
    path("accounts/<int:pk>/member/", accounts.account_link_member, name="account_link_member"),
    path("accounts/<int:pk>/duties/new/", accounts.duty_add, name="duty_add"),
    path("accounts/duties/<int:pk>/end/", accounts.duty_end, name="duty_end"),
]
