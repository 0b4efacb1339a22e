/** What is unwise about the way to qBittorrent (HARDENING S34). */
import ipaddr from "ipaddr.js";
import type { QbittorrentConfig } from "./config.ts";

/** Sentences without a full stop, to be logged once. */
export function cautions({ base_url, username, password, api_key }: QbittorrentConfig): string[] {
  const { protocol, hostname } = new URL(base_url);
  const found: string[] = [];
  const isSecret = api_key !== "" || username !== "";
  if (protocol === "http:" && isSecret && !isNear(hostname))
    found.push(
      "the login for qBittorrent goes through the internet unencrypted: give qbittorrent.base_url an https address",
    );
  if (api_key === "" && username === "admin" && password === "adminadmin")
    found.push(
      "qBittorrent still has its factory password: set another one, in qBittorrent and in qbittorrent.password",
    );
  return found;
}

/** Top levels of networks at home. */
const HOME = /(^|\.)(localhost|local|lan|home|internal|intranet|localdomain|home\.arpa)$/i;
const NEAR: ReadonlySet<string> = new Set(["private", "loopback", "linkLocal", "uniqueLocal", "carrierGradeNat"]);

/** Whether it is in a network at home, as far as its name tells. */
function isNear(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(bare)) return NEAR.has(ipaddr.process(bare).range());
  return !bare.includes(".") || HOME.test(bare);
}
