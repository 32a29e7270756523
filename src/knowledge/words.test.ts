import { expect, test } from 'vitest'
import { wordsOf, written } from './words.ts'

test.each([
  ['curl: (56) Recv failure', ['curl', '56', 'recv', 'failure']],
  ['HTTP/1.1 502.', ['http', '1.1', '502']],
  ['NSURLErrorDomain Code=-1004', ['nsurlerrordomain', 'code', '-1004']],
  ['2026-11-20', ['2026', '11', '20']],
  ['502.3 at 10.0.0.1:443', ['502.3', 'at', '10.0.0.1', '443']],
  ['net::ERR_FAILED', ['net', 'err_failed']],
  ['We’re sorry… wait', ['we', 're', 'sorry', 'wait']],
  ['无法 访问', ['无', '法', '访', '问']],
  ['Größe überschritten', ['größe', 'überschritten']],
  ['', []],
  ['- . / --', []],
])('wordsOf() cuts %j', (text, words) => {
  expect(wordsOf(text).words).toEqual(words)
})

test('written() gives a word as it stands in the text', () => {
  const words = wordsOf('see ECONNREFUSED here')
  expect(written(words, 1)).toBe('ECONNREFUSED')
})
