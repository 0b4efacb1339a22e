declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
/** Imported as files: where they are. */
declare module "hls.js/dist/hls.min.js" {
  const path: string;
  export default path;
}
declare module "jassub/dist/*" {
  const path: string;
  export default path;
}
declare module "*/build/watch.js" {
  const path: string;
  export default path;
}
declare module "*/build/jassub.js" {
  const path: string;
  export default path;
}
