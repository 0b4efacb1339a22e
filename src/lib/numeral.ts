/** Small numbers in the ways that titles write them. */

const WORDS: Record<string, number> = {
  ...counting("first second third fourth fifth sixth seventh eighth ninth tenth"),
  ...counting("one two three four five six seven eight nine ten"),
  ...counting("ichi ni san shi go roku shichi hachi ku juu"),
  ...counting("i ii iii iv v vi vii viii ix x"),
  ...{ yon: 4, nana: 7, kyuu: 9, セカンド: 2, サード: 3, フォース: 4, 餐: 3 },
};

const HAN_DIGITS: Record<string, number> = {
  ...{ 〇: 0, 零: 0, 两: 2, 兩: 2, 弎: 3, 漆: 7 },
  ...Object.fromEntries([..."一二三四五六七八九"].map((digit, index) => [digit, index + 1])),
  ...Object.fromEntries([..."壱弐参肆伍陸柒捌玖"].map((digit, index) => [digit, index + 1])),
  ...{ 壹: 1, 貳: 2, 贰: 2, 參: 3, 叁: 3, 陆: 6 },
};

/**
 * @param text "12", "2nd", "second", "two", "IV", "十二", "貳", "ni"; already in NFKC
 * @returns null for anything else
 */
export function numeral(text: string): number | null {
  const word = text.toLowerCase();
  const digits = /^\d+/.exec(word)?.[0];
  return digits !== undefined ? Number(digits) : (WORDS[word] ?? hanNumeral(word));
}

/** Up to 99: 十, 十二, 二十, 二十一; also 二一, digit by digit. */
function hanNumeral(text: string): number | null {
  const [tens, ones, ...more] = text.replace(/拾/g, "十").split("十");
  const digit = (part: string) => (part.length === 1 ? HAN_DIGITS[part] : undefined);
  if (ones === undefined) {
    const digits = [...text].map((character) => HAN_DIGITS[character]);
    return digits.length === 0 || digits.includes(undefined) ? null : Number(digits.join(""));
  }
  const high = tens === "" ? 1 : digit(tens!);
  const low = ones === "" ? 0 : digit(ones);
  return more.length > 0 || high === undefined || low === undefined ? null : high * 10 + low;
}

function counting(words: string): Record<string, number> {
  return Object.fromEntries(words.split(" ").map((word, index) => [word, index + 1]));
}
