"""Where slices go: is the address of a server this machine, and may they be sent there at all?"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from vb_desktop.pipeline.errors import LocalizationFailed


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A server's address.

    Attributes:
        url: as given, without user, password, query and fragment.
        host: name and port, for people.
        loopback: it is this machine.
    """

    url: str
    host: str
    loopback: bool

    @classmethod
    def of(cls, url: str) -> ServerAddress:
        """Read an address.

        Raises:
            LocalizationFailed: it is none.
        """
        if not url.strip():
            raise LocalizationFailed("tumor_localizer.server_none")
        try:
            parts = urlsplit(url.strip())
            name, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise LocalizationFailed("tumor_localizer.server_bad_url", url=url) from error
        if parts.scheme not in ("http", "https") or not name:
            raise LocalizationFailed("tumor_localizer.server_bad_url", url=url)
        host = (f"[{name}]" if ":" in name else name) + (f":{port}" if port else "")
        return cls(f"{parts.scheme}://{host}{parts.path.rstrip('/')}", host, _is_loopback(name))

    def require_consent(self, allow_remote: bool) -> None:
        """Refuse another machine that the user has not agreed to.

        Raises:
            LocalizationFailed: with how to agree.
        """
        if not (self.loopback or allow_remote):
            raise LocalizationFailed("tumor_localizer.server_remote", host=self.host)


def _is_loopback(name: str) -> bool:
    """Literal addresses and the name `localhost` only: what another name leads to can change between two look-ups."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
