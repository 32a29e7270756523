// Bytes of a peer inside one of our sentences: bounded and without anything a terminal would obey.

/** Longest text quoted, characters. */
const QUOTED_CHARACTERS = 60

/** Latin-1 text in double quotes, cut at 60 characters, everything but printable ASCII as \xNN. */
export function quote(text: string): string {
  const cut = text.length > QUOTED_CHARACTERS
  let said = ''
  for (let index = 0; index < (cut ? QUOTED_CHARACTERS : text.length); index++) {
    const code = text.charCodeAt(index)
    if (code === 0x0d) said += '\\r'
    else if (code === 0x0a) said += '\\n'
    else if (code === 0x22 || code === 0x5c) said += `\\${text[index]}`
    else if (code >= 0x20 && code < 0x7f) said += text[index]
    else if (code < 0x100) said += `\\x${code.toString(16).padStart(2, '0')}`
    else said += `\\u${code.toString(16).padStart(4, '0')}`
  }
  return `"${said}${cut ? '...' : ''}"`
}
