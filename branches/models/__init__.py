"""The organization tree, who belonged where when, and who acts for which part of the tree."""

from .duty import ContactPoint, Duty, DutyKind, StandIn
from .member import (
    Exemption,
    ExemptionKind,
    FloatingContact,
    Member,
    Membership,
    MembershipEnd,
    MemberStatus,
    Post,
    PostRole,
)
from .organization import BranchType, Organization, OrganizationKind, PartyGroup, Term
from .roster_import import ImportKind, ImportOutcome, ImportRow, RosterImport
from .suggestion import Suggestion

__all__ = [
    "BranchType",
    "ContactPoint",
    "Duty",
    "DutyKind",
    "Exemption",
    "ExemptionKind",
    "FloatingContact",
    "ImportKind",
    "ImportOutcome",
    "ImportRow",
    "Member",
    "MemberStatus",
    "Membership",
    "MembershipEnd",
    "Organization",
    "OrganizationKind",
    "PartyGroup",
    "Post",
    "PostRole",
    "RosterImport",
    "StandIn",
    "Suggestion",
    "Term",
]
