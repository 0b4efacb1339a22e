/** Where what the page plays is found, from its own address: `/watch/TOKEN/ID` is fed from `/hls/TOKEN/ID/`. */

export interface Addresses {
  /** Names the item in what the browser remembers. */
  id: string;
  playlist: string;
  /** The facts for menus, as in `GET /api/stream/ID`. */
  stream: string;
}

/** @param pathname of the page */
export function addressesOf(pathname: string, codecs: readonly string[]): Addresses {
  const folder = pathname.replace(/^\/watch\//, "/hls/").replace(/\/$/, "");
  const query = `?codecs=${codecs.join(",")}`;
  return {
    id: folder.slice(folder.lastIndexOf("/") + 1),
    playlist: `${folder}/index.m3u8${query}`,
    stream: `${folder}/stream.json${query}`,
  };
}

/** An address of the server's answer as seen from the page: a proxy may have told the server another name than the browser knows. */
export function local(address: string): string {
  const { pathname, search } = new URL(address, "http://page.invalid");
  return pathname + search;
}
