import { AmazonCard } from "./amazon-notifications-card";
import { NoticesCard } from "./notices-card";

/** What Amazon tells the app at once, and what the app tells the merchant's own staff by e-mail. */
export function NotificationsPart() {
  return (
    <>
      <AmazonCard />
      <NoticesCard />
    </>
  );
}
