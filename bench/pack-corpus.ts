// Packs the gateway captures into test/data/corpus: unique bytes in one zstd file, one JSON index beside it.
// Run once by hand: npx node bench/pack-corpus.ts FOLDER (the folder with manifest.json and truth.json).
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'

/** One capture as its manifest describes it; only what the measurement needs. */
interface Captured {
  id: string
  file: string
  gateway: { product: string; version: string; role: string; variant: string }
  fault: string
  upstreamPhase: string | null
  status: number | null
  observed: string
  request: string
  ended: string
  firstByteMs: number | null
  elapsedMs: number | null
  silent?: boolean
  notHttp?: boolean
  interimOnly?: boolean
  tunnelled?: boolean
  unstable?: boolean
  sameResponseAs?: string[]
}

const source = process.argv[2]
if (!source) throw new Error('Say which folder holds the captures: npx node bench/pack-corpus.ts FOLDER')
const target = new URL('../test/data/corpus/', import.meta.url).pathname
mkdirSync(target, { recursive: true })

const manifest = JSON.parse(readFileSync(join(source, 'manifest.json'), 'utf8')) as Captured[]
const pieces: Buffer[] = []
const places = new Map<string, [offset: number, length: number]>()
let offset = 0
const rows: string[] = []
for (const capture of manifest) {
  const bytes = readFileSync(join(source, capture.file))
  const digest = createHash('sha256').update(bytes).digest('base64')
  let place = places.get(digest)
  if (!place) {
    place = [offset, bytes.length]
    places.set(digest, place)
    pieces.push(bytes)
    offset += bytes.length
  }
  const flags = ['silent', 'notHttp', 'interimOnly', 'tunnelled', 'unstable'].filter(
    (flag) => capture[flag as 'silent'],
  )
  rows.push(
    JSON.stringify({
      product: capture.gateway.product,
      version: capture.gateway.version,
      role: capture.gateway.role,
      variant: capture.gateway.variant,
      fault: capture.fault,
      phase: capture.upstreamPhase,
      status: capture.status,
      observed: capture.observed,
      method: capture.request.split(' ', 1)[0],
      ended: capture.ended,
      firstByteMs: capture.firstByteMs,
      elapsedMs: capture.elapsedMs,
      flags,
      place,
    }),
  )
}
const whole = Buffer.concat(pieces)
writeFileSync(
  join(target, 'captures.bin.zst'),
  zstdCompressSync(whole, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
)
writeFileSync(join(target, 'index.json'), `[\n${rows.join(',\n')}\n]\n`)
writeFileSync(join(target, 'truth.json'), readFileSync(join(source, 'truth.json')))
console.log(`${manifest.length} captures, ${places.size} different ones, ${whole.length} bytes`)
