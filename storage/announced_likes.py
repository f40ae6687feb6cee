"""How many likes announcements tell of."""

from sqlalchemy import case
from sqlmodel import and_, col

from storage.models import Announcement, AnnouncementKind

# How many likes a row tells of by name, and how many as growth; of any other kind it is none.
NAMED = case(
    (col(Announcement.kind) == AnnouncementKind.LIKES, col(Announcement.liker_count)), else_=0
)
COUNTED = case(
    (
        and_(
            col(Announcement.kind) == AnnouncementKind.GROWTH,
            col(Announcement.to_count) > col(Announcement.from_count),
        ),
        col(Announcement.to_count) - col(Announcement.from_count),
    ),
    else_=0,
)
