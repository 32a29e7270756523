// JSON that a terminal or a log can show: the same value, but nothing in it is obeyed.

/** DEL, C1 controls, bidirectional and invisible characters, separators: JSON may hold them raw, terminals obey some. */
const RISKY = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** The value as JSON, pretty with `indent` spaces, with every risky character escaped as JSON allows. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    RISKY,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
