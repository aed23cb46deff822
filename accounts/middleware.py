"""What every request of a signed-in person passes: script, session age, first password."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Script

SCRIPT_COOKIE = "script"
# The mark is renewed at most this often: a session write on every page would cost a statement.
SEEN_STEP_SECONDS = 120
# Pages a person with a first password may still open.
FIRST_PASSWORD_ROUTES = {
    "accounts:password_change",
    "accounts:sign_out",
    "accounts:script_switch",
}

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Activate the person's script: their setting, else the cookie left by the switch."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        script = user.script if user.is_authenticated else request.COOKIES.get(SCRIPT_COOKIE)
        language = script if script in Script.values else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.get_response(request)


class SessionAgeMiddleware:
    """End a session that was idle too long or has lasted a working day; ask for an own password."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = int(timezone.now().timestamp())
        session = request.session
        since, seen = session.setdefault("since", now), session.setdefault("seen", now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - since > settings.SESSION_MAX_SECONDS:
            logout(request)
            messages.info(request, _("您已较长时间没有操作，为了安全已自动退出，请重新登录。"))
            # Only a page can be returned to; what was being sent is kept by the form's draft.
            came_from = request.get_full_path() if request.method == "GET" else "/"
            return redirect_to_login(came_from)
        if now - seen > SEEN_STEP_SECONDS:
            session["seen"] = now
        if request.user.must_change_password:
            route = resolve(request.path_info).view_name
            if route not in FIRST_PASSWORD_ROUTES:
                return redirect("accounts:password_change")
        return self.get_response(request)
