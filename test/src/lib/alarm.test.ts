import { expect, test } from "bun:test";
import { createAlarm } from "../../../src/lib/alarm.ts";

const AN_HOUR = 3_600_000;

test("a ring ends the wait", async () => {
  const alarm = createAlarm();
  const wait = alarm.wait(AN_HOUR);
  alarm.ring();
  await wait;
});

test("a ring while nobody waits ends the next wait, and only that", async () => {
  const alarm = createAlarm();
  alarm.ring();
  alarm.ring();
  await alarm.wait(AN_HOUR);
  const second = alarm.wait(AN_HOUR);
  expect(await Promise.race([second.then(() => "rang"), Bun.sleep(1).then(() => "quiet")])).toBe("quiet");
  alarm.ring();
  await second;
});

test("without a ring the wait ends after its time", async () => {
  await createAlarm().wait(1);
});

test("a delay beyond what a timer takes does not fire at once", async () => {
  const alarm = createAlarm();
  const wait = alarm.wait(Number.POSITIVE_INFINITY);
  expect(await Promise.race([wait.then(() => "rang"), Bun.sleep(5).then(() => "quiet")])).toBe("quiet");
  alarm.ring();
  await wait;
});
