"""Settings: defaults, every variable, and an error that names the variable."""

from pathlib import Path

import msgspec
import pytest

from service.config import Misconfigured, Running, environment, load, strangers


def test_without_variables_everything_is_in_the_users_data_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home/anna")
    settings = load({})
    assert (settings.home, settings.address) == (Path("/home/anna/.local/share/branchbook"), "http://127.0.0.1:8000")
    assert (settings.database_url, settings.redis_url, settings.example) == (None, None, True)


def test_settings_reach_a_child_process_unchanged(tmp_path):
    given = load(
        {
            "BRANCHBOOK_HOME": str(tmp_path),
            "BRANCHBOOK_PORT": "8123",
            "BRANCHBOOK_DATABASE_URL": "postgresql://u:p@db/x",
            "BRANCHBOOK_REDIS_URL": "redis://r:1/0",
            "BRANCHBOOK_EXAMPLE": "false",
            "BRANCHBOOK_PUBLIC_URL": "https://branchbook.example/",
            "BRANCHBOOK_DOCUMENTS_FOLDER": str(tmp_path / "files"),
            "BRANCHBOOK_DOCUMENT_BYTES_MAX": "1000",
            "BRANCHBOOK_S3_URL": "https://s3.example.cn/branchbook",
            "BRANCHBOOK_S3_KEY_ID": "branchbook",
            "BRANCHBOOK_S3_SECRET": "made up",
            "BRANCHBOOK_DISCLOSURE_INDEXED": "true",
            "BRANCHBOOK_DISCLOSURE_MAX_AGE_S": "30",
            "BRANCHBOOK_DISCLOSURE_CONTACT": "机关党委办公室 (010) 1234",
            "BRANCHBOOK_MAIL_URL": "smtps://branchbook:made%20up@mail.example.cn",
            "BRANCHBOOK_MAIL_FROM": "支部台账 <branchbook@example.cn>",
            "BRANCHBOOK_MAIL_QUIET": "21:00-07:30",
            "BRANCHBOOK_MAIL_DIGEST_AT": "09:15",
        }
    )
    assert load(environment(given)) == given
    assert given.address == "https://branchbook.example"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("BRANCHBOOK_PORT", "eighty", "BRANCHBOOK_PORT: Expected `int`, got `str`"),
        ("BRANCHBOOK_PORT", "0", "BRANCHBOOK_PORT: Expected `int` >= 1"),
        ("BRANCHBOOK_PORT", "70000", "BRANCHBOOK_PORT: Expected `int` <= 65535"),
        ("BRANCHBOOK_DISCLOSURE_MAX_AGE_S", "3601", "BRANCHBOOK_DISCLOSURE_MAX_AGE_S: Expected `int` <= 3600"),
        ("BRANCHBOOK_EXAMPLE", "maybe", "BRANCHBOOK_EXAMPLE: Expected `bool`, got `str`"),
        ("BRANCHBOOK_DATABASE_URL", "sqlite:///x", "BRANCHBOOK_DATABASE_URL must begin with postgresql:// or postgresql+asyncpg://"),
        ("BRANCHBOOK_MAIL_URL", "http://m", "BRANCHBOOK_MAIL_URL must begin with smtp:// or smtp+starttls:// or smtps://"),
        ("BRANCHBOOK_MAIL_URL", "smtp://m", "BRANCHBOOK_MAIL_URL needs the address of a sender in BRANCHBOOK_MAIL_FROM"),
        ("BRANCHBOOK_REDIS_URL", "http://r", "BRANCHBOOK_REDIS_URL must begin with redis:// or rediss:// or unix://"),
    ],
)
def test_a_wrong_setting_is_named(variable, value, message):
    with pytest.raises(Misconfigured) as refused:
        load({variable: value})
    assert str(refused.value) == message


def test_an_empty_variable_counts_as_not_set():
    assert load({"BRANCHBOOK_PORT": "", "BRANCHBOOK_DATABASE_URL": ""}) == load({})


def test_a_misspelt_variable_is_noticed():
    assert strangers({"BRANCHBOOK_PROT": "1", "BRANCHBOOK_PORT": "1", "BRANCHBOOK_TEST_DATABASE_URL": "x", "HOME": "/"}) == [
        "BRANCHBOOK_PROT"
    ]


def test_other_commands_find_the_servers_of_a_running_dev(tmp_path):
    settings = load({"BRANCHBOOK_HOME": str(tmp_path)})
    with pytest.raises(Misconfigured, match="BRANCHBOOK_DATABASE_URL is not set and no `branchbook dev` runs on"):
        settings.database()
    Running.file(tmp_path).write_bytes(msgspec.json.encode(Running(pid=1, database_url="postgresql://here/b", redis_url="unix:///s")))
    assert (settings.database(), settings.redis()) == ("postgresql://here/b", "unix:///s")
