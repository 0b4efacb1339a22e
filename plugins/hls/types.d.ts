declare module "*.css" {
  const text: string;
  export default text;
}
declare module "hls.js/dist/hls.min.js" {
  const path: string;
  export default path;
}
