"""The templates, the stylesheet, the scripts and the icons as files: what can be said of them
without opening a page. `test_pages.py` opens the pages."""

import re
from collections import defaultdict
from pathlib import Path

import brotli
import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders

from dashboard.context import ENTRIES

ROOT = Path(settings.BASE_DIR)
# What is only ever printed brings its own style along and meets no browser.
PRINTED = ROOT / "templates/meetings/print"
TEMPLATES = sorted(p for p in (ROOT / "templates").rglob("*.html") if PRINTED not in p.parents)
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
STYLES = (ROOT / "static/css/app.css").read_text()
SPRITE = (ROOT / "static/icons.svg").read_text()

# Goal 7 of the benchmarks: a first visit, of which a page itself may take a fifth.
FIRST_VISIT_BYTES = 60_000
PAGE_BYTES = 12_000
FIRST_VISIT_REQUESTS = 6
SCRIPT_BYTES = 7 * 1024

CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def without_values(css: str) -> str:
    """Keep the selectors: comments, addresses and strings hold dots of their own."""
    return re.sub(r'/\*.*?\*/|url\("[^"]*"\)|"[^"]*"', "", css, flags=re.DOTALL)


STYLED = set(CLASS.findall(without_values(STYLES)))
# Written by crispy-forms and of no consequence for the look.
UNSTYLED = {"col-md", "requiredField", "fs-6", "alert-block", "m-0", "controls", "is-invalid"}


def classes(html: str) -> set[str]:
    """Return the classes written out in a template; those put together from values end in '-'."""
    found = " ".join(re.findall(r'class="([^"]*)"', TAG.sub("\x00", html)))
    return {name for name in found.replace("\x00", " ").split() if not name.endswith("-")}


def test_every_class_in_a_template_is_in_the_stylesheet():
    unknown = defaultdict(set)
    for path in TEMPLATES:
        # A class with a value inside ("state-{{ … }}") is cut at the value.
        html = re.sub(r"[\w-]+-\x00([\w-]*\x00)*", "", TAG.sub("\x00", path.read_text()))
        for name in classes(html) - STYLED - UNSTYLED:
            unknown[name].add(path.name)
    assert unknown == {}


def test_what_crispy_writes_is_in_the_stylesheet():
    choices = [("a", "甲"), ("b", "乙")]

    class Everything(forms.Form):
        text = forms.CharField(help_text="说明")
        long = forms.CharField(widget=forms.Textarea)
        day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
        one = forms.ChoiceField(choices=choices)
        radio = forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
        many = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
        tick = forms.BooleanField()
        file = forms.FileField()

        def clean(self):
            raise forms.ValidationError("整张表单有误")

    written = classes(render_crispy_form(Everything())) | classes(
        render_crispy_form(Everything({}))
    )
    # crispy gives fields the names of their Python classes as well.
    written = {name for name in written if not name.islower() or "-" in name or name in STYLED}
    assert written - STYLED - UNSTYLED == set()
    assert {"form-control", "form-select", "invalid-feedback", "form-text"} <= written


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_style_script_or_handler_of_its_own(path):
    html = TAG.sub("", path.read_text())
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:", html)
    for script in re.findall(r"<script[^>]*>", html):
        assert "src=" in script
    assert "http:" not in html.replace("http://www.w3.org", "")
    assert "https:" not in html


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_form_says_in_our_words_what_is_wrong(path):
    """Without novalidate the browser answers first, in the browser's language and once a field."""
    for form in re.findall(r"<form[^>]*post.*?</form>", path.read_text(), re.DOTALL):
        if "crispy" in form:
            assert re.match(r"<form[^>]*\snovalidate", form), form[:80]


def test_every_icon_asked_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))
    asked = {entry.icon for entry in ENTRIES}
    for path in TEMPLATES:
        html = path.read_text()
        asked |= set(re.findall(r"(?:icons.svg['\"] %}|{{ icons }})#([\w-]+)", html))
        asked |= set(re.findall(r'_icon.html" with name="([\w-]+)"', html))
        asked |= set(re.findall(r'_empty.html" with [^%]*icon="([\w-]+)"', html))
    assert asked - drawn == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_stays_small(path):
    assert path.stat().st_size <= SCRIPT_BYTES


def test_a_first_visit_is_light():
    base = (ROOT / "templates/base.html").read_text()
    files = set(re.findall(r"{% static ['\"]([^'\"]+)['\"]", base)) | {"django_htmx/htmx-2.min.js"}
    assert len(files) + 1 <= FIRST_VISIT_REQUESTS
    weight = sum(len(brotli.compress(Path(finders.find(name)).read_bytes())) for name in files)
    assert weight <= FIRST_VISIT_BYTES - PAGE_BYTES


def test_the_stylesheet_asks_for_no_browser_that_offices_do_not_have():
    css = without_values(STYLES)
    for newer in ("@layer", "@container", "@scope", "color-mix", "oklch", "light-dark(", ":where("):
        assert newer not in css
    # No nesting either: a rule stands by itself or inside an at-rule.
    assert not re.search(r"^\s*&", css, re.MULTILINE)


def palettes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(
        r":root {\s*(?:color-scheme[^;]*;)?\s*(--paper.*?)}", STYLES, re.DOTALL
    )[:2]
    found = {}
    for name, block in (("light", light), ("dark", dark)):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))
        found[name] = {
            key: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
            for key, value in colours.items()
        }
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("paper", "sheet", "sunk")
TEXTS = ("ink", "ink-2", "ink-3", "link", "cinnabar", "green", "amber", "gold")
TINTED = [(name, f"{name}-tint") for name in ("cinnabar", "green", "amber", "gold")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(scheme):
    """WCAG 2.2 AA: 4.5 for text, 3 for the edges of controls and the ring of the focus."""
    colours = palettes()[scheme] | {"white": "#ffffff"}
    pairs = [(text, ground, 4.5) for text in TEXTS for ground in GROUNDS]
    pairs += [(text, ground, 4.5) for text, ground in TINTED]
    pairs += [(text, ground, 4.5) for text in ("ink", "ink-2") for _, ground in TINTED]
    pairs += [(edge, ground, 3) for edge in ("edge", "focus") for ground in GROUNDS]
    pairs += [("white", "cinnabar-fill", 4.5), ("white", "cinnabar-deep", 4.5)]
    poor = {
        (one, other): round(contrast(colours[one], colours[other]), 2)
        for one, other, least in pairs
        if contrast(colours[one], colours[other]) < least
    }
    assert poor == {}
