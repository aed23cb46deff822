from tests.access.rows import Row, everyone

ACCESS = {
    # Whoever is signed in is sent on.
    "accounts:sign_in": Row("get", everyone(302, anonymous=200)),
    "accounts:sign_out": Row("post", everyone(302, anonymous=302)),
    "accounts:password_change": Row("get", everyone()),
    "accounts:preferences": Row("get", everyone()),
    "accounts:script_switch": Row(
        "post", everyone(302, anonymous=302), data={"script": "zh-hant", "next": "/about/"}
    ),
    "accounts:text_size_switch": Row(
        "post", everyone(302), data={"size": "large", "next": "/about/"}
    ),
}
