"""Signing in and out, one's password, one's preferences."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import PasswordChangeForm, PreferencesForm, SignInForm
from accounts.middleware import SCRIPT_COOKIE
from accounts.models import Script, TextSize
from config.http import next_url

SCRIPT_COOKIE_SECONDS = 365 * 24 * 60 * 60


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_url(request, settings.LOGIN_REDIRECT_URL))
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        login(request, form.user)
        return redirect(next_url(request, settings.LOGIN_REDIRECT_URL))
    return render(request, "accounts/sign_in.html", {"form": form, "next": next_url(request, "")})


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.info(request, _("您已退出。"))
    return redirect("accounts:sign_in")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    is_first = request.user.must_change_password
    form = PasswordChangeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, _("密码已修改。"))
        return redirect(settings.LOGIN_REDIRECT_URL)
    # Until the first password is changed no other page opens: its navigation would mislead.
    template = "accounts/password_first.html" if is_first else "accounts/password_change.html"
    return render(request, template, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("已保存。"))
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})


@login_not_required
@require_POST
def script_switch(request: HttpRequest) -> HttpResponse:
    """Change the script and return to the page; kept in a cookie, and with the person."""
    response = redirect(next_url(request, reverse("accounts:sign_in")))
    script = request.POST.get("script")
    if script in Script.values:
        response.set_cookie(
            SCRIPT_COOKIE,
            script,
            max_age=SCRIPT_COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        if request.user.is_authenticated and request.user.script != script:
            request.user.script = script
            request.user.save(update_fields=["script"])
    return response


@require_POST
def text_size_switch(request: HttpRequest) -> HttpResponse:
    """Change the size of the text and return to the page; kept with the person."""
    size = request.POST.get("size")
    if size in TextSize.values and request.user.text_size != size:
        request.user.text_size = size
        request.user.save(update_fields=["text_size"])
    return redirect(next_url(request, reverse("accounts:preferences")))
