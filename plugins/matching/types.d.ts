/** OpenCC's tables as text, `from to|from to|…`; the package types its converters only. */
declare module "opencc-js/dict/*" {
  const table: string;
  export default table;
}
