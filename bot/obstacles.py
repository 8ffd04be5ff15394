"""What stands between us and Slack, or keeps our port shut: names the likely cause, and what to do about it.

Town halls reach the internet through proxies that ask for a password, refuse CONNECT, or open TLS with an authority
of their own. A bare "connection failed" would send the operator to the wrong colleague.
"""

from __future__ import annotations

import contextlib
import errno
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp

HOSTS: Final = "slack.com、files.slack.com、wss-primary.slack.com、wss-backup.slack.com の 443 番"
_ISSUER_NAMES: Final = {b"\x55\x04\x0a": "O", b"\x55\x04\x03": "CN"}  # X.520: organization name, common name
_OUT_OF_TIME: Final = {9, 10}  # X509_V_ERR_CERT_NOT_YET_VALID, …_CERT_HAS_EXPIRED
_OTHER_NAME: Final = {62, 64}  # X509_V_ERR_HOSTNAME_MISMATCH, …_IP_ADDRESS_MISMATCH


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A cause, and the way out, as a sentence each (Japanese, for the operator)."""

    what: str
    what_to_do: str


def name_obstacle(error: Exception, *, host: str, proxy: str | None, issuer: str | None = None) -> Obstacle:
    """The likely cause of `error` on the way to `host`.

    Args:
        proxy: the proxy used, if any; its user and password are never repeated.
        issuer: who signed the certificate that was shown (see `issuer_seen`).
    """
    by = _place(proxy)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _proxy_answered(error.status, host, by)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return Obstacle(
            f"庁内プロキシ {by} につながりません",
            "SLACK_PROXY(または HTTPS_PROXY)の宛先と番号を確かめてください",
        )
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _certificate(error.certificate_error, error.host, issuer)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Obstacle(
            f"{error.host} という名前の宛先が見つかりません",
            "外の名前を引けない庁内網なら、SLACK_PROXY に庁内プロキシを入れてください",
        )
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return Obstacle(
            f"{host} で WebSocket への切り替えが断られました({error.status})",
            "TLS を検査するプロキシが止めていることがあります。"
            "wss-primary.slack.com と wss-backup.slack.com を検査から外すよう頼んでください",
        )
    if isinstance(error, TimeoutError):
        return Obstacle(
            f"{host} から返事がありません",
            f"途中の壁が黙って止めています。{HOSTS}への通信を許可するか、SLACK_PROXY を入れてください",
        )
    return Obstacle(
        f"{host} につながりません({type(error).__name__})",
        f"{HOSTS}への外向きの通信が許可されているか確かめてください",
    )


def name_port(error: OSError, host: str, port: int) -> Obstacle:
    """The likely cause of `error` when `port` was opened."""
    if error.errno == errno.EADDRINUSE:
        return Obstacle(
            f"PORT {port} は、ほかのプログラムが使っています",
            "そのプログラムを止めるか、PORT を別の番号にしてください",
        )
    if error.errno == errno.EACCES:
        return Obstacle(f"PORT {port} を使う権限がありません", "PORT を 1024 以上の番号にしてください")
    return Obstacle(
        f"HOST {host} では待ち受けられません",
        "HOST をこの機械のアドレスにしてください(ふつうは 127.0.0.1)",
    )


def _place(proxy: str | None) -> str:
    parts = urlsplit(proxy or "")
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname or "")


def _proxy_answered(status: int, host: str, by: str) -> Obstacle:
    if status == 407:
        return Obstacle(
            f"庁内プロキシ {by} が利用者名とパスワードを求めています(407)",
            "SLACK_PROXY を http://利用者名:パスワード@宛先:番号 の形にするか、この機械を認証なしで通すよう頼んでください",
        )
    if status >= 500:
        return Obstacle(
            f"庁内プロキシ {by} から先の {host} へ届きません({status})",
            "プロキシの管理者に、外への経路を確かめてもらってください",
        )
    return Obstacle(
        f"庁内プロキシ {by} が {host} への接続(CONNECT)を断りました({status})",
        f"プロキシの管理者に、{HOSTS}を許可するよう頼んでください",
    )


def _certificate(error: Exception, host: str, issuer: str | None) -> Obstacle:
    code = getattr(error, "verify_code", None)
    if code in _OUT_OF_TIME:
        return Obstacle(
            f"{host} の証明書が有効期間の外です",
            "この機械の時計を合わせてください。合っていれば、途中のプロキシの証明書が切れています",
        )
    if code in _OTHER_NAME:
        return Obstacle(
            f"{host} の証明書が別の名前のものです",
            "途中に別のサーバーがいます。プロキシと名前解決の設定を確かめてください",
        )
    return Obstacle(
        f"{host} の証明書が信頼できません(発行者:{issuer or '不明'})",
        "庁内プロキシが通信を検査しているなら、その認証局の証明書(PEM)のファイルを SLACK_CA_FILE に入れてください",
    )


async def issuer_seen(url: str, proxy: str | None, *, seconds: float = 5.0) -> str | None:
    """Who signed the certificate that is shown on the way to `url`: "O=…, CN=…", None when it cannot be seen.

    Looks without trusting anything and sends nothing but a bare GET: never a token.
    """
    shown: list[bytes] = []

    class Looking(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            shown.append(self.getpeercert(binary_form=True) or b"")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.sslobject_class = Looking
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds)) as session:
            async with session.get(url, proxy=proxy, ssl=context, allow_redirects=False):
                pass
    return issuer_of(shown[0]) if shown else None


def issuer_of(certificate: bytes) -> str | None:
    """The issuer's organisation and common name in a DER certificate (X.509, RFC 5280 §4.1), None when unreadable."""
    try:
        signed = next(_parts(next(_parts(certificate))[1]))[1]
        fields = [content for tag, content in _parts(signed) if tag != 0xA0]  # 0xA0: the optional version
        names = dict(_names(fields[2]))  # serial number, algorithm, issuer
    except (IndexError, StopIteration, UnicodeDecodeError):
        return None
    return ", ".join(f"{key}={names[key]}" for key in ("O", "CN") if key in names) or None


def _names(issuer: bytes) -> Iterator[tuple[str, str]]:
    for _, group in _parts(issuer):
        for _, pair in _parts(group):
            (_, oid), (tag, value) = list(_parts(pair))[:2]
            if oid in _ISSUER_NAMES:
                yield _ISSUER_NAMES[oid], value.decode("utf-16-be" if tag == 0x1E else "utf-8")


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and content of each DER element in a row."""
    at = 0
    while at < len(content):
        tag, length, at = content[at], content[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(content[at : at + size]), at + size
        yield tag, content[at : at + length]
        at += length
