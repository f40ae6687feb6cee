"""X's users."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class User:
    """An X user, as far as X said who it is."""

    id: int
    username: str
    name: str
    profile_image_url: str | None = None
    verified_type: str | None = None
    protected: bool = False

    @property
    def url(self) -> str:
        return f"https://x.com/{self.username}"
