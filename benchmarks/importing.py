"""How much of an import's time is the shop's own, and how much the app adds.

Run: python benchmarks/importing.py. Imports a day of orders from the simulated Amazon into the
simulated Saleor, each in a process of its own, and prints the whole time against the time spent
waiting for Saleor in the same run. The simulated Saleor is some thirty times faster than a real
one, so what the app adds weighs far more here than it does in a shop.
"""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from saleor_amazon_app.demo.processes import Processes
from saleor_amazon_app.demo.show import Demo
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.settings import load_settings
from saleor_amazon_app.store import migrating
from saleor_amazon_app.sync import passes
from saleor_amazon_app.sync.services import Services, build_services

ORDERS = 1000


class Stopwatch:
    """Adds up the time spent in the shop's API."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._genuine = SaleorApi.run_document

    def start(self) -> None:
        def timed(api: SaleorApi, *args: Any) -> dict[str, Any]:  # noqa: ANN401
            begun = time.perf_counter()
            try:
                return self._genuine(api, *args)
            finally:
                self.seconds += time.perf_counter() - begun

        SaleorApi.run_document = timed  # type: ignore[method-assign,assignment]


def measure(demo: Demo, services: Services, ports: dict[str, int]) -> None:
    tenant_id, account_id = demo.set_up(services, ports)
    watch = Stopwatch()
    begun = time.perf_counter()
    swept = passes.sweep(services, tenant_id, account_id)
    read = time.perf_counter() - begun
    watch.start()
    begun = time.perf_counter()
    imported = passes.import_ready(services, tenant_id, account_id).imported
    whole = time.perf_counter() - begun
    print(f"read and stored  {swept.orders:6d} orders  {read:7.2f} s")
    print(f"imported         {imported:6d} orders  {whole:7.2f} s")
    print(f"of it in Saleor                 {watch.seconds:7.2f} s")
    print(f"whole : Saleor                  {whole / watch.seconds:7.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder), ORDERS, seed=7, quiet=True)
        ports = demo.prepare()
        environment = demo.environment(ports)
        processes = Processes(Path(folder) / "logs", environment)
        try:
            demo.start_simulators(processes, ports)
            os.environ.update(environment)
            services = build_services(load_settings())
            migrating.migrate(services.database.engine)
            demo.start_web(processes, ports)
            measure(demo, services, ports)
            services.close()
        finally:
            processes.stop()


if __name__ == "__main__":
    main()
