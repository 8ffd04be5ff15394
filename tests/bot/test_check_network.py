"""`banso check` behind the walls of a town hall: own authorities, proxies, names that do not resolve."""

from __future__ import annotations

import errno
import shutil
import ssl
from pathlib import Path

import pytest
from aiohttp import ClientConnectorCertificateError
from aiohttp.client_reqrep import ConnectionKey

from bot.check import exit_code
from bot.obstacles import issuer_of, name_obstacle, name_port
from tests.bot.checking import NOWHERE, Facts, checked, lines
from tests.bot.network import Authority, ConnectProxy, FakeSlack, make_authority

pytestmark = pytest.mark.usefixtures("no_proxy_from_outside")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command makes the certificates")
    return make_authority(tmp_path_factory.mktemp("authority"))


async def test_a_ca_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate", encoding="ascii")
    for path in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        findings = await checked(NOWHERE, slack_ca_file=path)
        assert "SLACK_CA_FILE" in lines(findings, "❌")


async def test_a_certificate_of_the_offices_own_authority_names_its_issuer(authority: Authority) -> None:
    async with FakeSlack().serving(authority.context) as slack:
        findings = await checked(slack)
        assert "発行者:O=あさぎ県庁, CN=Proxy CA" in lines(findings, "❌")
        assert "SLACK_CA_FILE" in lines(findings, "❌")
        assert slack.tokens == [], "no token goes to a server that is not trusted"
        trusted = await checked(slack, slack_ca_file=authority.ca_file)
    assert exit_code(trusted) == 0


async def test_a_certificate_for_another_name_is_told_apart(authority: Authority) -> None:
    async with FakeSlack(host="127.0.0.1").serving(authority.context) as slack:
        findings = await checked(slack, slack_ca_file=authority.ca_file)
    assert "別の名前" in lines(findings, "❌")


async def test_everything_goes_through_the_proxy_and_its_authority(authority: Authority) -> None:
    async with (
        FakeSlack(host="slack.test").serving(authority.context) as slack,
        ConnectProxy(password="u:p").serving() as proxy,
    ):
        url = f"http://u:p@localhost:{proxy.port}"
        findings = await checked(slack, Facts(), slack_proxy=url, slack_ca_file=authority.ca_file)
    assert exit_code(findings) == 0, lines(findings)
    assert set(proxy.asked) == {f"slack.test:{slack.port}"}


async def test_behind_a_proxy_the_issuer_of_an_untrusted_certificate_is_seen_too(
    authority: Authority,
) -> None:
    async with (
        FakeSlack(host="slack.test").serving(authority.context) as slack,
        ConnectProxy().serving() as proxy,
    ):
        findings = await checked(slack, slack_proxy=f"http://localhost:{proxy.port}")
    assert "O=あさぎ県庁, CN=Proxy CA" in lines(findings, "❌")


@pytest.mark.parametrize(
    ("proxy", "word"),
    [
        (ConnectProxy(refuse=403), "接続(CONNECT)を断りました(403)"),
        (ConnectProxy(refuse=503), "から先の slack.test へ届きません(503)"),
        (ConnectProxy(password="u:p"), "利用者名とパスワードを求めています(407)"),
    ],
)
async def test_a_proxy_that_says_no_is_named_with_its_reason(proxy: ConnectProxy, word: str) -> None:
    slack = FakeSlack(host="slack.test", port=443, scheme="https")
    async with proxy.serving():
        findings = await checked(slack, slack_proxy=f"http://localhost:{proxy.port}")
    assert word in lines(findings, "❌")


async def test_a_proxy_that_is_not_there_is_named_without_its_password() -> None:
    slack = FakeSlack(host="slack.test", port=443, scheme="https")
    findings = await checked(slack, slack_proxy="http://user:secret@localhost:9")
    assert "庁内プロキシ localhost:9 につながりません" in lines(findings, "❌")


async def test_no_proxy_is_not_looked_at_and_the_operator_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ConnectProxy(refuse=403).serving() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://localhost:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "slack.test")
        findings = await checked(FakeSlack(host="slack.test", port=443, scheme="https"))
    assert "NO_PROXY に slack.test" in lines(findings, "⚠")


async def test_a_name_that_does_not_exist_and_a_closed_port_are_told_apart() -> None:
    unknown = await checked(FakeSlack(host="slack.invalid", port=443, scheme="https"))
    assert "slack.invalid という名前の宛先が見つかりません" in lines(unknown, "❌")
    closed = await checked(FakeSlack(port=9))
    assert "localhost につながりません" in lines(closed, "❌")


def test_a_port_that_only_the_machines_owner_may_open_is_told_apart() -> None:
    found = name_port(PermissionError(errno.EACCES, ""), "127.0.0.1", 80)
    assert (found.what, found.what_to_do) == (
        "PORT 80 を使う権限がありません",
        "PORT を 1024 以上の番号にしてください",
    )


def test_an_expired_certificate_sends_people_to_the_clock_first() -> None:
    expired = ssl.SSLCertVerificationError("certificate has expired")
    expired.verify_code = 10
    key = ConnectionKey("slack.com", 443, True, True, None, None, None)
    found = name_obstacle(ClientConnectorCertificateError(key, expired), host="slack.com", proxy=None)
    assert "有効期間の外" in found.what
    assert "時計" in found.what_to_do


@pytest.mark.parametrize("broken", [b"", b"\x30", b"\x30\x03\x02\x01\x00", b"not a certificate"])
def test_a_certificate_that_cannot_be_read_has_no_issuer(broken: bytes) -> None:
    assert issuer_of(broken) is None
