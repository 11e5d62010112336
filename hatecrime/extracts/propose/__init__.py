"""A first mapping for a file nobody has mapped yet: what was recognised, what was guessed, what could not be told."""

from hatecrime.extracts.propose.proposal import Proposal, ProposedColumn, ProposedLabel, targets
from hatecrime.extracts.propose.proposing import propose

__all__ = ["Proposal", "ProposedColumn", "ProposedLabel", "propose", "targets"]
