import { expect, test } from "bun:test";
import { parseCleanJson } from "../../../plugins/bangumi/clean-json.ts";

test.each<[string, unknown]>([
  ['{"a":[1,null,true,"x"]}', { a: [1, null, true, "x"] }],
  ['["a\\u0000b"]', ["ab"]],
  ['["a\\ud800b"]', ["a\ufffdb"]],
  ['["\\ud83d\\ude00"]', ["😀"]],
  ['["\\\\u0000"]', ["\\u0000"]],
  ['{"a\\u0000":{"b":"\\udfff"}}', { a: { b: "\ufffd" } }],
])("%s", (text, value) => {
  expect(parseCleanJson(text)).toEqual(value);
});

test("what is no JSON is refused", () => {
  expect(() => parseCleanJson('{"a":')).toThrow(SyntaxError);
});
