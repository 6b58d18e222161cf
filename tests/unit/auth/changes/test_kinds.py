"""The registry of kinds of proposals: each goes to its own kind, and none to whoever may not decide on it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from factories import agency, decider, person, principal

from auth.changes import proposals
from auth.changes.kinds import Decider, Proposal, ProposalKinds
from auth.changes.proposals import NoProposalError
from auth.policy import Action
from services.components import Components


@dataclass
class Noting:
    """A kind that notes what it is asked."""

    name: str
    action: Action
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def waiting(self, decider: Decider) -> list[Proposal]:
        self.asked.append(("waiting",))
        return []

    def approve(self, decider: Decider, proposal_id: str) -> str:
        self.asked.append(("approve", proposal_id))
        return f"code of {self.name}"

    def refuse(self, decider: Decider, proposal_id: str, reason: str) -> None:
        self.asked.append(("refuse", proposal_id, reason))


@pytest.fixture
def kinds(components: Components) -> ProposalKinds:
    agency(components, "A")
    person(components, "adm", "A", ["administrator"])
    person(components, "reg", "A", ["registrar"])
    person(components, "ann", "A", ["expert"])
    two = (Noting("access", Action.ADMINISTER), Noting("relabel", Action.LABEL))
    return ProposalKinds(components.database, components.trail, two)


def proposed(components: Components, kind: str) -> str:
    with components.database.session() as session:
        return proposals.propose(session, kind, "{}", "because", principal(components, "adm")).id


@pytest.mark.parametrize(
    ("who", "names"), [("adm", ["access"]), ("reg", ["relabel"]), ("ann", []), (None, ["access", "relabel"])]
)
def test_a_kind_is_open_to_those_whose_role_opens_its_action(
    components: Components, kinds: ProposalKinds, who: str | None, names: list[str]
) -> None:
    assert [kind.name for kind in kinds.open_to(decider(components, who))] == names
    assert kinds.waiting(decider(components, who)) == []
    assert [kind.name for kind in kinds.kinds if kind.asked] == names


@pytest.mark.parametrize(("who", "kind"), [("adm", "access"), ("reg", "relabel"), (None, "access"), (None, "relabel")])
def test_a_proposal_goes_to_its_own_kind(
    components: Components, kinds: ProposalKinds, who: str | None, kind: str
) -> None:
    proposal_id = proposed(components, kind)
    assert kinds.approve(decider(components, who), proposal_id) == f"code of {kind}"
    kinds.refuse(decider(components, who), proposal_id, "no")
    calls = {each.name: each.asked for each in kinds.kinds}
    assert calls.pop(kind) == [("approve", proposal_id), ("refuse", proposal_id, "no")]
    assert list(calls.values()) == [[]]


@pytest.mark.parametrize(
    ("who", "kind"), [("adm", "relabel"), ("reg", "access"), ("ann", "access"), (None, "unheard of")]
)
def test_a_proposal_of_another_kind_is_absent_and_the_trail_says_so(
    components: Components, kinds: ProposalKinds, who: str | None, kind: str
) -> None:
    for proposal_id in (proposed(components, kind), "x" * 99):
        with pytest.raises(NoProposalError):
            kinds.approve(decider(components, who), proposal_id)
        with pytest.raises(NoProposalError):
            kinds.refuse(decider(components, who), proposal_id, "no")
        entries = list(components.trail.entries())[-2:]
        assert [(e.actor, e.action) for e in entries] == [
            (who or "operator", f"{verb}_proposal") for verb in ("approve", "refuse")
        ]
        assert {(e.object, e.decision, e.detail) for e in entries} == {
            (proposal_id[:64], "refused", '{"rule": "absent"}')
        }
    assert not any(kind.asked for kind in kinds.kinds)
