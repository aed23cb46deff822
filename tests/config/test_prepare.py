import pytest

pytestmark = [
    pytest.mark.services,
    pytest.mark.parametrize("installation", ["embedded"], indirect=True),
]


def test_a_second_time_there_is_nothing_to_do(installation):
    first = installation.manage("prepare").stdout
    assert "==> Building static files" in first
    assert installation.manage("prepare").stdout == ""


def test_a_changed_input_is_built_again(installation):
    installation.manage("prepare")
    (installation.var / "static-inputs").write_text("as of another day")
    assert "==> Building static files" in installation.manage("prepare").stdout


def test_a_new_database_is_migrated_once(installation):
    (installation.var / "badu.sqlite3").unlink()
    assert "==> Migrating the database" in installation.manage("prepare").stdout
    assert "==> Migrating the database" not in installation.manage("prepare").stdout


def test_demo_data_that_was_interrupted_is_begun_again(installation):
    (installation.var / "badu.sqlite3").unlink()
    (installation.var / "demo-data-wanted").touch()
    assert "==> Loading demo data" in installation.manage("prepare", "--demo").stdout
    assert not (installation.var / "demo-data-wanted").exists()
    assert "==> Loading demo data" not in installation.manage("prepare", "--demo").stdout
