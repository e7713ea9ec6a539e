"""*Sync now*: sweep, import and compare accounts one after the other, and tell how far it is."""

from dataclasses import dataclass
from typing import Any

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say, told
from saleor_amazon_app.store.desk_models import Task
from saleor_amazon_app.sync import carrying, passes
from saleor_amazon_app.sync.importing import ImportReport
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.sweeping import SweepEnd, SweepReport


@dataclass
class SyncNow:
    """Works on a task of the kind ``sync``; its progress is in the task's row."""

    services: Services
    tenant_id: TenantId
    task_id: str

    def run(self) -> None:
        accounts = self._begin()
        for account_id in accounts:
            if self._is_stopped():
                return
            self._sync(AccountId(account_id))

    def _begin(self) -> list[str]:
        """Return the accounts that are not done; a worker before may have begun."""
        with self.services.database.tenant(self.tenant_id) as session:
            task = session.get_one(Task, self.task_id)
            over = {each["account_id"] for each in task.accounts if _is_over(each)}
            wanted = [id_ for id_ in task.arguments["accounts"] if id_ not in over]
            kept = [each for each in task.accounts if _is_over(each)]
            task.accounts = kept + [_progress(account_id) for account_id in wanted]
            return wanted

    def _is_stopped(self) -> bool:
        with self.services.database.tenant(self.tenant_id) as session:
            return session.get_one(Task, self.task_id).stop_asked

    def _sync(self, account_id: AccountId) -> None:
        def on_page(report: SweepReport) -> None:
            self._tell(account_id, orders_read=report.orders, orders_changed=report.changed)

        def on_batch(report: ImportReport) -> None:
            self._tell(account_id, imported=report.imported, held=report.blocked)

        progress = passes.Progress(on_page=on_page, on_batch=on_batch)
        where = (self.services, self.tenant_id, account_id)
        self._tell(account_id, phase="reading")
        swept = passes.sweep(*where, progress=progress)
        self._tell(account_id, phase="importing", **_said(_words(swept)))
        imported = passes.import_ready(*where, progress=progress)
        self._tell(account_id, phase="comparing", imported=imported.imported, held=imported.blocked)
        carried = carrying.carry(*where)
        self._end(account_id, swept.failure or imported.failure or carried.failure)

    def _end(self, account_id: AccountId, failure: AppFailure | None) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            task = session.get_one(Task, self.task_id)
            task.done += failure is None
            task.failed += failure is not None
        if failure:
            self._tell(account_id, phase="failed", **_said(failure.said))
        else:
            self._tell(account_id, phase="done")

    def _tell(self, account_id: AccountId, **news: Any) -> None:  # noqa: ANN401 - fields of the progress
        with self.services.database.tenant(self.tenant_id) as session:
            task = session.get_one(Task, self.task_id)
            task.accounts = [
                each | news if each["account_id"] == account_id else each for each in task.accounts
            ]


def _progress(account_id: str) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "phase": "waiting",
        "orders_read": 0,
        "orders_changed": 0,
        "imported": 0,
        "held": 0,
        **_said(NOTHING),
    }


def _said(sentence: Sentence) -> dict[str, Any]:
    return {"message": str(sentence), "message_said": told(sentence)}


def _is_over(account: dict[str, Any]) -> bool:
    return account["phase"] in ("done", "failed")


def _words(swept: SweepReport) -> Sentence:
    match swept.end:
        case SweepEnd.BUSY:
            return say("sync.busy")
        case SweepEnd.PAUSED:
            return say("sync.quota")
    return NOTHING
