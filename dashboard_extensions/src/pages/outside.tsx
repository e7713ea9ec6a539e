/** Shown to whoever opens the app's address without the Dashboard around it. */
export function Outside() {
  return (
    <div className="page">
      <h1>Amazon orders</h1>
      <p>
        This page works inside the Saleor Dashboard. Open it there: Extensions, then Amazon Orders.
      </p>
    </div>
  );
}
