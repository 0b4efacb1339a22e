import ipaddr from "ipaddr.js";

/** Whether the text is an IP address or a CIDR range: `192.168.0.0/16`, `::1`, `10.0.0.7`. */
export const isIpRange = (text: string): boolean =>
  // ipaddr.js also takes `10.1` and `0x7f.1` for addresses, as inet_aton does: nobody means that in a list of guests.
  ipaddr.isValidCIDR(text) || (text.includes(":") ? ipaddr.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text));
