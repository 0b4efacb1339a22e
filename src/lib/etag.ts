/**
 * Whether `If-None-Match` names this entity tag, so that the answer is 304.
 * @see RFC 9110, section 13.1.2: tags are compared weakly, and `*` names any
 */
export function namesEtag(ifNoneMatch: string | null | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, "");
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => bare(tag) === bare(etag));
}
