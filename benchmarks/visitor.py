"""Somebody signed in who asks the application for pages, in this process and without a test client."""

import io
from dataclasses import dataclass
from importlib import import_module
from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User

# Dated ahead, so that no renewal of the session falls into a measurement.
AHEAD_SECONDS = 3600


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Visitor:
    """Asks for pages with the session of a user, or without one."""

    def __init__(self, application: Any, session_key: str = "") -> None:
        self._application = application
        self._environ = {
            "REQUEST_METHOD": "GET",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if session_key:
            self._environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={session_key}"

    def get(self, address: str) -> Answer:
        path, _mark, query = address.partition("?")
        said: list[str] = []
        response = self._application(
            {
                **self._environ,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "wsgi.input": io.BytesIO(),
            },
            lambda status, headers: said.append(status),
        )
        body = b"".join(response)
        response.close()
        return Answer(int(said[0].split()[0]), body)


def sign_in(user: User) -> str:
    """Return the key of a new session of the user."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    soon = int(time()) + AHEAD_SECONDS
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "branches.backends.DutyBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["since"] = session["seen"] = soon
    session.save()
    return session.session_key
