// A response as people save or paste it: tools print content decoded and line ends changed, while the fields still tell
// of the bytes on the wire. Makes the two agree; judges nothing.

const END_OF_HEAD = /\r?\n\r?\n/
/** First line of chunked content: a size, perhaps with extensions. */
const CHUNK_LINE = /^[0-9a-f]{1,16}[ \t]*(?:;[^\r\n]{0,200})?\r?\n/i

/**
 * The response without fields that its content contradicts: `Transfer-Encoding: chunked` above content that is not in
 * chunks (`curl -i` takes them apart), `Content-Length` where line ends were changed on the way. `text` holds one
 * character per byte.
 */
export function withoutUntrueFraming(text: string): string {
  const end = END_OF_HEAD.exec(text)
  if (!end) return text
  const body = text.slice(end.index + end[0].length)
  const chunked = CHUNK_LINE.test(body)
  const linesChanged = !text.includes('\r\n') || (body.includes('\n') && !body.includes('\r\n'))
  const head = text
    .slice(0, end.index)
    .split('\n')
    .filter((line) => {
      const field = line.slice(0, 40).toLowerCase()
      if (field.startsWith('transfer-encoding:')) return chunked
      const length = /^content-length:\s*(\d{1,12})\s*$/.exec(line.toLowerCase())
      return !length || !linesChanged || Number(length[1]) === body.length
    })
  return head.join('\n') + text.slice(end.index)
}
