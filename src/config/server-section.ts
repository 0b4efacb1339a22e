/** `[server]`: the listener, its limits and the job loop. */
import { Type } from "typebox";
import { parseBindAddress } from "../lib/bind-address.ts";
import { isIpRange } from "../lib/ip-range.ts";
import { integer, text, texts } from "../lib/setting.ts";

/** Longest delay of a timer in whole seconds: beyond 2^31 - 1 ms it would fire at once. */
const MAX_TIMER_SECS = 2_147_483;

const range = { expected: "an IP address or CIDR range such as 192.168.0.0/16", check: isIpRange };

export const serverSection = Type.Object({
  bind: text({
    env: "ANICARGO_BIND",
    default: "0.0.0.0:3000",
    description: "Where to listen: host:port, IPv6 in brackets",
    expected: "host:port such as 0.0.0.0:3000 or [::]:3000",
    check: (value) => parseBindAddress(value) !== null,
  }),
  max_scan_concurrency: integer({
    env: "ANICARGO_MAX_SCAN_CONCURRENCY",
    default: 1,
    minimum: 1,
    maximum: 64,
    description: "Index jobs at once",
  }),
  max_in_flight: integer({
    env: "ANICARGO_MAX_IN_FLIGHT",
    default: 256,
    minimum: 0,
    maximum: 1_000_000,
    description: "Requests being answered at once; 0 disables the limit",
  }),
  rate_limit_per_minute: integer({
    env: "ANICARGO_RATE_LIMIT_PER_MINUTE",
    default: 0,
    minimum: 0,
    maximum: 10_000_000,
    description: "Requests a minute where the next two are 0; 0 disables the limit",
  }),
  rate_limit_user_per_minute: integer({
    env: "ANICARGO_RATE_LIMIT_USER_PER_MINUTE",
    default: 0,
    minimum: 0,
    maximum: 10_000_000,
    description: "Requests a minute of one user; 0 takes rate_limit_per_minute",
  }),
  rate_limit_ip_per_minute: integer({
    env: "ANICARGO_RATE_LIMIT_IP_PER_MINUTE",
    default: 0,
    minimum: 0,
    maximum: 10_000_000,
    description: "Requests a minute of one address; 0 takes rate_limit_per_minute",
  }),
  rate_limit_allow_users: texts({
    env: "ANICARGO_RATE_LIMIT_ALLOW_USERS",
    default: [],
    description: "Users that are never limited",
  }),
  rate_limit_allow_ips: texts({
    env: "ANICARGO_RATE_LIMIT_ALLOW_IPS",
    default: [],
    description: "Addresses or CIDR ranges that are never limited",
    each: range,
  }),
  rate_limit_block_users: texts({
    env: "ANICARGO_RATE_LIMIT_BLOCK_USERS",
    default: [],
    description: "Users that are always refused; wins over the allow lists",
  }),
  rate_limit_block_ips: texts({
    env: "ANICARGO_RATE_LIMIT_BLOCK_IPS",
    default: [],
    description: "Addresses or CIDR ranges that are always refused; wins over the allow lists",
    each: range,
  }),
  trusted_proxies: texts({
    env: "ANICARGO_TRUSTED_PROXIES",
    default: [],
    description: "Addresses or CIDR ranges whose X-Forwarded-For is believed",
    each: range,
  }),
  job_workers: integer({
    env: "ANICARGO_JOB_WORKERS",
    default: 2,
    minimum: 0,
    maximum: 64,
    description: "Jobs run at once by this process; 0 serves but runs none",
  }),
  job_poll_interval_ms: integer({
    env: "ANICARGO_JOB_POLL_INTERVAL_MS",
    default: 500,
    minimum: 10,
    maximum: 3_600_000,
    description: "How often the queue is looked at when no notification comes, in milliseconds",
  }),
  job_max_attempts: integer({
    env: "ANICARGO_JOB_MAX_ATTEMPTS",
    default: 3,
    minimum: 1,
    maximum: 100,
    description: "Runs of a job before it is failed",
  }),
  job_retention_hours: integer({
    env: "ANICARGO_JOB_RETENTION_HOURS",
    default: 168,
    minimum: 0,
    maximum: 876_000,
    description: "Hours that done and failed jobs are kept; 0 keeps them for ever",
  }),
  job_cleanup_interval_secs: integer({
    env: "ANICARGO_JOB_CLEANUP_INTERVAL_SECS",
    default: 3600,
    minimum: 1,
    maximum: MAX_TIMER_SECS,
    description: "How often ended jobs are removed, in seconds",
  }),
  job_running_timeout_secs: integer({
    env: "ANICARGO_JOB_RUNNING_TIMEOUT_SECS",
    default: 3600,
    minimum: 0,
    maximum: MAX_TIMER_SECS,
    description: "Longest run of one attempt of a job in seconds; 0 disables the limit",
  }),
});
