"""The logging form as a browser without scripts reads and sends it."""

import re
from html.parser import HTMLParser

from django.test import Client

from tests import factories


def signed_in(kind, organization) -> Client:
    client = Client()
    who = factories.person(kind, organization)
    client.force_login(who, backend="branches.backends.DutyBackend")
    return client


class Fields(HTMLParser):
    """What a browser would send: every field of the logging form with the value it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.required: set[str] = set()
        self.action = ""
        self._inside = self._template = False
        self._select = self._area = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form" and "data-draft" in at:
            self._inside, self.action = True, at["action"]
        if tag == "template":
            self._template = True
        if not self._inside or self._template:
            return
        name = at.get("name")
        if name and "required" in at:
            self.required.add(name)
        kind = at.get("type")
        if tag == "input" and name and kind not in ("file", "submit"):
            is_choice = kind in ("checkbox", "radio")
            if not is_choice or "checked" in at:
                value = at.get("value", "on" if is_choice else "")
                self.sent.setdefault(name, []).append(value)
        if tag == "select":
            self._select = name
        # Without a choice of its own a browser sends the first.
        is_sent = "selected" in at or self._select not in self.sent
        if tag == "option" and self._select and is_sent:
            self.sent[self._select] = [at.get("value", "")]
        if tag == "textarea":
            self._area = name
            self.sent.setdefault(name, [""])

    def handle_data(self, data):
        if self._inside and self._area:
            self.sent[self._area][0] += data

    def handle_endtag(self, tag):
        if tag == "template":
            self._template = False
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = None
        if tag == "textarea" and self._area:
            # A browser drops the first line break of a text area.
            self.sent[self._area][0] = self.sent[self._area][0].removeprefix("\n")
            self._area = None


def page(secretary, url) -> Fields:
    response = secretary.get(url, follow=True)
    assert response.status_code == 200
    return Fields(response.content.decode())


def send(secretary, fields: Fields, action="submit", **typed):
    data = fields.sent | {"action": action} | typed
    return secretary.post(fields.action, data)


def away(fields: Fields, member, reason: str) -> dict:
    """The two taps on a name: away, and why."""
    return {"away": [*fields.sent.get("away", []), str(member.pk)], f"state-{member.pk}": reason}


def errors(response) -> str:
    found = re.findall(
        r'<div class="alert alert-error".*?</div>\s*</div>', response.content.decode(), re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(found)).split())
