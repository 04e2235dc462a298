"""Who may do what: one row an operation. A route without a row fails the tests and answers nobody."""

from __future__ import annotations

from dataclasses import dataclass

from api_client.types.words import ActorKind, Role

_RANK = {Role.REP: 0, Role.LEAD: 1, Role.ADMIN: 2}


@dataclass(frozen=True)
class Rule:
    """Who may use an operation. Whose record it may touch is the service's question (claim, own decision)."""

    role: Role | None = Role.REP
    """The least role of a rep; None keeps reps out."""
    kinds: frozenset[ActorKind] = frozenset()
    """Kinds of actor besides reps."""
    why: str = "Your role does not allow this; a lead can do it."
    """Said to who may not."""
    public: bool = False
    locked: bool = False
    """Whether a locked session may still ask it."""

    def allows(self, kind: ActorKind, role: Role | None) -> bool:
        """True when an actor of this kind and role may use the operation."""
        if self.public or kind in self.kinds:
            return True
        return (
            kind is ActorKind.REP
            and role is not None
            and self.role is not None
            and _RANK[role] >= _RANK[self.role]
        )


_OPERATOR = frozenset({ActorKind.OPERATOR})
_REP = Rule()
_LEAD = Rule(role=Role.LEAD)
_EVERYONE = Rule(role=None, public=True, locked=True)
_ONLINE = Rule(
    role=None,
    kinds=frozenset({ActorKind.SERVICE}),
    why=(
        "The client's administrator makes and changes further user IDs, online under Account Access; "
        "nobody here does it for them."
    ),
)
_OPERATORS = Rule(role=Role.ADMIN, kinds=_OPERATOR)

ACCESS: dict[str, Rule] = {
    "health.alive": _EVERYONE,
    "health.ready": _EVERYONE,
    "session.hello": _EVERYONE,
    "session.sign_in": _EVERYONE,
    "session.show": Rule(locked=True),
    "session.lock": Rule(locked=True),
    "session.unlock": Rule(locked=True),
    "session.sign_out": Rule(locked=True),
    "session.draft": _REP,
    "session.keep_draft": _REP,
    "events.stream": _REP,
    "events.presence": _EVERYONE,
    "matching.home": _REP,
    "matching.list": _REP,
    "matching.show": _REP,
    "matching.next": _REP,
    "matching.claim": _REP,
    "matching.extend": _REP,
    "matching.skip": _REP,
    "matching.decide": _REP,
    "matching.approve": _REP,
    "matching.refuse": _REP,
    "matching.ask_employer": _REP,
    "matching.employer_answer": _REP,
    "matching.undo": _REP,
    "lead.board": _LEAD,
    "matching.unlink": _REP,
    "matching.hand_over": _REP,
    "matching.escalate": _REP,
    "matching.assign": _LEAD,
    "matching.take_back": _LEAD,
    "matching.urgent_care": _REP,
    "matching.note": _REP,
    "matching.search": _REP,
    "matching.colleagues": _REP,
    "matching.second_looks": _REP,
    "matching.second_look": _REP,
    "matching.look_again": _REP,
    "accounts.show": _REP,
    "accounts.members": _REP,
    "cards.person": _REP,
    "cards.reprint": _REP,
    "cards.undo": _REP,
    "billing.work_list": _REP,
    "billing.show": _REP,
    "billing.record_payment": Rule(role=Role.LEAD, kinds=_OPERATOR),
    "billing.reverse_payment": Rule(role=Role.LEAD, kinds=_OPERATOR),
    "billing.return_payment": Rule(role=Role.LEAD, kinds=_OPERATOR),
    "billing.what_if": _REP,
    "billing.promise": _REP,
    "billing.undo_promise": _REP,
    "billing.dispute": _REP,
    "billing.open_hold": _LEAD,
    "billing.lift_hold": _LEAD,
    "billing.ask_reinstatement": _REP,
    "billing.decide_reinstatement": _LEAD,
    "user_ids.list": _REP,
    "user_ids.show": _REP,
    "user_ids.register": _REP,
    "user_ids.approve": _REP,
    "user_ids.deny": _REP,
    "user_ids.undo": _REP,
    "user_ids.keep_page": _REP,
    "user_ids.page": _REP,
    "user_ids.incomplete": _REP,
    "user_ids.complete": _REP,
    "user_ids.reissue": _REP,
    "user_ids.form": _REP,
    "user_ids.form_pdf": _REP,
    "user_ids.users": _REP,
    "user_ids.log": _REP,
    "user_ids.block": _REP,
    "user_ids.lift": _LEAD,
    "online.activate": _ONLINE,
    "online.sign_in": _ONLINE,
    "online.users": _ONLINE,
    "online.log": _ONLINE,
    "online.add_user": _ONLINE,
    "online.change_user": _ONLINE,
    "online.suspend_user": _ONLINE,
    "online.resume_user": _ONLINE,
    "online.end_user": _ONLINE,
    "online.reset_user": _ONLINE,
    "enrollment.submit": Rule(role=None, kinds=frozenset({ActorKind.SERVICE})),
    "enrollment.effects": Rule(role=None, kinds=frozenset({ActorKind.SERVICE})),
    "enrollment.files": _REP,
    "enrollment.file": _REP,
    "enrollment.errors": _REP,
    "enrollment.members": _REP,
    "enrollment.segment": _REP,
    "enrollment.absences": _REP,
    "enrollment.decide_absences": _REP,
    "enrollment.undo_absences": _REP,
    "enrollment.stop": _REP,
    "enrollment.go_on": _REP,
    "enrollment.release": _LEAD,
    "enrollment.media_done": _REP,
    "search.find": Rule(kinds=_OPERATOR),
    "calls.mine": _REP,
    "calls.start": _REP,
    "calls.pop": Rule(kinds=frozenset({ActorKind.SERVICE})),
    "calls.take": _REP,
    "calls.park": _REP,
    "calls.caller": _REP,
    "calls.verify": _REP,
    "calls.number_on_record": _REP,
    "calls.wrap_up": _REP,
    "calls.hand_over": _REP,
    "calls.note": _REP,
    "calls.edit_note": _REP,
    "calls.history": _REP,
    "calls.call_backs": _REP,
    "calls.plan_call_back": _REP,
    "calls.call_back": _REP,
    "calls.tried": _REP,
    "answers.find": _REP,
    "answers.show": _REP,
    "letters.list": _REP,
    "letters.copy": _REP,
    "letters.send": _REP,
    "letters.undo": _REP,
    "letters.returned": _REP,
    "letters.came_back": _REP,
    "letters.settle": _REP,
    "letters.take_back": _LEAD,
    "letters.text": _REP,
    "letters.pdf": _REP,
    "acts.options": _REP,
    "accounts.reveal": _REP,
    "accounts.representatives": _REP,
    "accounts.add_representative": _LEAD,
    "billing.paper_bill": _REP,
    "billing.request_cycle": _REP,
    "enrollment.phone": _REP,
    "enrollment.phone_effects": _REP,
    "operations.run": _OPERATORS,
}
