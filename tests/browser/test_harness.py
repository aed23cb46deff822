"""That the harness itself sees what it is there to see."""

import pytest
from playwright.sync_api import expect


def test_chinese_is_shown_in_a_chinese_font(phone):
    phone.set_content("<!doctype html><html lang='zh'><title>八</title><p>八都菜谱</p>")
    expect(phone.locator("p")).to_have_text("八都菜谱")
    # A missing glyph is drawn as a box, the same box for every character.
    widths = phone.evaluate(
        """() => {
          const pen = document.createElement('canvas').getContext('2d');
          pen.font = '40px sans-serif';
          const ink = (c) => {
            pen.clearRect(0, 0, 60, 60); pen.fillText(c, 5, 45);
            return pen.getImageData(0, 0, 60, 60).data.filter((v, i) => i % 4 == 3 && v > 0).length;
          };
          return [ink('一'), ink('鑫')];
        }"""
    )
    assert widths[1] > widths[0] * 2, "no Chinese font: apt-get install fonts-wqy-microhei"


def test_axe_finds_a_fault(phone, assert_accessible):
    phone.set_content("<!doctype html><html lang='zh'><title>八</title><h1>八</h1><img src='x'>")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(phone)


def test_the_health_page_is_served_live(desktop):
    answer = desktop.goto("/healthz")
    assert answer.status == 200
