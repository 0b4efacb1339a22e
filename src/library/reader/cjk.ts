/** Chinese, Japanese and Korean letters, for use inside of a pattern's [ ]. */
export const CJK_LETTERS = "\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af々〆";

const CJK = new RegExp(`[${CJK_LETTERS}]`);

export const hasCjk = (text: string): boolean => CJK.test(text);
