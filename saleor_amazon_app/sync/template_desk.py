"""The merchant's templates of messages: kept, changed and deleted by staff, each with who."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.failures import Misconfigured, NotFitting, NotKnown
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.mirror.template_rules import faults_of
from saleor_amazon_app.store.template_models import MessageTemplate
from saleor_amazon_app.sync.change_details import template_detail
from saleor_amazon_app.sync.changes import add_change
from saleor_amazon_app.sync.services import Services

_MOST: Final = 100


@dataclass(frozen=True)
class Draft:
    """A template as somebody wants it."""

    name: str
    kind: BuyerMessageKind
    language: str
    text: str


@dataclass
class TemplateDesk:
    """The templates of one shop, in the hands of one member of staff."""

    services: Services
    tenant_id: TenantId
    by: Person

    def add(self, draft: Draft) -> MessageTemplate:
        """Add a template.

        Raises:
            NotFitting: A field is wrong.
            Misconfigured: There are too many.
        """
        with self.services.database.tenant(self.tenant_id) as session:
            count = session.scalar(select(func.count()).select_from(MessageTemplate)) or 0
            if count >= _MOST:
                raise Misconfigured(say("template.too_many", most=_MOST), code="too_many")
            row = MessageTemplate()
            self._write(session, row, draft)
            session.add(row)
            session.flush()
            self._note(session, row, "change.template_added")
            return row

    def change(self, template_id: str, draft: Draft) -> MessageTemplate:
        """Change a template.

        Raises:
            NotKnown: There is no such template.
            NotFitting: A field is wrong.
        """
        with self.services.database.tenant(self.tenant_id) as session:
            row = _find(session, template_id)
            self._write(session, row, draft)
            self._note(session, row, "change.template_changed")
            return row

    def delete(self, template_id: str) -> None:
        """Delete a template.

        Raises:
            NotKnown: There is no such template.
        """
        with self.services.database.tenant(self.tenant_id) as session:
            row = _find(session, template_id)
            session.delete(row)
            self._note(session, row, "change.template_deleted")

    def _write(self, session: Session, row: MessageTemplate, draft: Draft) -> None:
        faults = faults_of(draft.kind, draft.language, draft.text)
        if _is_taken(session, draft.name, row.id):
            faults["name"] = say("template.name")
        if faults:
            raise NotFitting(say("template.not_fitting"), faults, code="not_fitting")
        row.name, row.kind, row.language = draft.name, draft.kind, draft.language
        row.text, row.changed_at = draft.text, self.services.now()

    def _note(self, session: Session, row: MessageTemplate, code: str) -> None:
        add_change(self.services, session, self.by, row.name, say(code), template_detail(row))


def _find(session: Session, template_id: str) -> MessageTemplate:
    query = select(MessageTemplate).where(MessageTemplate.id == template_id)
    row = session.scalar(query.with_for_update())
    if row is None:
        raise NotKnown(say("template.none"), code="no_template")
    return row


def _is_taken(session: Session, name: str, by: str | None) -> bool:
    query = select(MessageTemplate.id).where(MessageTemplate.name == name)
    found = session.scalar(query)
    return found is not None and found != by
