// The few calls of the C library that a trace needs and Node has not: a TTL on a TCP socket, the ICMP errors that
// came for it, small segments. By node:ffi, on 64-bit Linux only; where it cannot be had, the reason why.
import type * as NodeFfi from 'node:ffi'
import { endianness } from 'node:os'
import { formatIp } from '../../model/address.ts'

const AF_INET = 2
const AF_INET6 = 10
const SOCK_STREAM = 1
const SOCK_DGRAM = 2
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_ERROR = 4
const IPPROTO_TCP = 6
const TCP_MAXSEG = 2
const MSG_DONTWAIT = 0x40
const MSG_ERRQUEUE = 0x2000
const POLLOUT = 4
const POLLERR = 8
const POLLHUP = 16

/** Level, TTL (or hop limit) and extended errors, by family: IP_TTL, IP_RECVERR and their IPv6 likes. */
const LEVELS = {
  4: { level: 0, ttl: 2, receiveErrors: 11 },
  6: { level: 41, ttl: 16, receiveErrors: 25 },
} as const

/** sizeof(struct msghdr), room for names, data and control messages. */
const HEADER_BYTES = 56
const NAME_BYTES = 28
const DATA_BYTES = 512
const CONTROL_BYTES = 512
const POLLFD_BYTES = 8

/** errno of a connect() that is under way. */
export const EINPROGRESS = 115

/** glibc and musl keep errno of a thread behind this call. */
const ERRNO_CALL = '__errno_location'

const SIGNATURES = {
  socket: { arguments: ['int32', 'int32', 'int32'], return: 'int32' },
  setsockopt: { arguments: ['int32', 'int32', 'int32', 'buffer', 'uint32'], return: 'int32' },
  getsockopt: { arguments: ['int32', 'int32', 'int32', 'buffer', 'buffer'], return: 'int32' },
  connect: { arguments: ['int32', 'buffer', 'uint32'], return: 'int32' },
  send: { arguments: ['int32', 'buffer', 'uint64', 'int32'], return: 'int64' },
  recvmsg: { arguments: ['int32', 'buffer', 'int32'], return: 'int64' },
  poll: { arguments: ['buffer', 'uint64', 'int32'], return: 'int32' },
  close: { arguments: ['int32'], return: 'int32' },
  [ERRNO_CALL]: { arguments: [], return: 'pointer' },
} as const

type Ffi = typeof NodeFfi
type Functions = ReturnType<typeof NodeFfi.dlopen<typeof SIGNATURES>>['functions']

/** An error that the network or the own system sent for a socket (ip(7), IP_RECVERR). */
export interface QueuedError {
  errno: number
  /** local: our own system; icmp: from the network. */
  origin: 'local' | 'icmp'
  type: number
  code: number
  /** Who sent it; null when it does not say. */
  from: string | null
}

/** What poll() says of a socket. */
interface Ready {
  writable: boolean
  failed: boolean
}

/** Non-blocking sockets by number. Calls give errno as a number above zero where they fail. */
export class Libc {
  readonly #ffi: Ffi
  readonly #calls: Functions
  // Kept for all calls, because C is given their addresses.
  readonly #int = new DataView(new ArrayBuffer(64))
  readonly #length = new DataView(new ArrayBuffer(64))
  readonly #header = new DataView(new ArrayBuffer(HEADER_BYTES))
  readonly #vector = new DataView(new ArrayBuffer(64))
  readonly #name = new ArrayBuffer(64)
  readonly #data = new ArrayBuffer(DATA_BYTES)
  readonly #control = new DataView(new ArrayBuffer(CONTROL_BYTES))

  constructor(ffi: Ffi) {
    this.#ffi = ffi
    this.#calls = ffi.dlopen(null, SIGNATURES).functions
  }

  #errno(): number {
    return this.#ffi.getInt32(this.#calls[ERRNO_CALL]())
  }

  /** A socket's number, or errno below zero. */
  open(family: 4 | 6, kind: 'tcp' | 'udp'): number {
    const type = (kind === 'tcp' ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC
    const fd = this.#calls.socket(family === 6 ? AF_INET6 : AF_INET, type, 0)
    return fd < 0 ? -this.#errno() : fd
  }

  close(fd: number): void {
    this.#calls.close(fd)
  }

  #set(fd: number, level: number, option: number, value: number): number {
    this.#int.setInt32(0, value, true)
    return this.#calls.setsockopt(fd, level, option, this.#int, 4) < 0 ? this.#errno() : 0
  }

  /** Hops that packets of the socket may pass. 0: done. */
  setTtl(fd: number, family: 4 | 6, ttl: number): number {
    return this.#set(fd, LEVELS[family].level, LEVELS[family].ttl, ttl)
  }

  /** Keeps what the network says of the socket's packets for `readError`. 0: done. */
  receiveErrors(fd: number, family: 4 | 6): number {
    return this.#set(fd, LEVELS[family].level, LEVELS[family].receiveErrors, 1)
  }

  /** Largest segment to send, and to ask the peer for; before connecting. 0: done. */
  setMaxSegment(fd: number, bytes: number): number {
    return this.#set(fd, IPPROTO_TCP, TCP_MAXSEG, bytes)
  }

  /** Starts to connect; `EINPROGRESS` is what is to be expected. `bytes`: the address, 4 or 16. */
  connect(fd: number, bytes: Uint8Array, port: number): number {
    const address = new DataView(new ArrayBuffer(NAME_BYTES))
    const six = bytes.length === 16
    address.setUint16(0, six ? AF_INET6 : AF_INET, true)
    address.setUint16(2, port)
    new Uint8Array(address.buffer).set(bytes, six ? 8 : 4)
    return this.#calls.connect(fd, address, six ? NAME_BYTES : 16) < 0 ? this.#errno() : 0
  }

  /** Sends one byte. 0: done. */
  sendByte(fd: number): number {
    return this.#calls.send(fd, this.#data, 1n, MSG_DONTWAIT) < 0n ? this.#errno() : 0
  }

  /** Looks at all sockets at once, without waiting; in their order. */
  poll(fds: readonly number[]): Ready[] {
    const list = new DataView(new ArrayBuffer(Math.max(1, fds.length) * POLLFD_BYTES))
    for (const [index, fd] of fds.entries()) {
      list.setInt32(index * POLLFD_BYTES, fd, true)
      list.setInt16(index * POLLFD_BYTES + 4, POLLOUT, true)
    }
    this.#calls.poll(list, BigInt(fds.length), 0)
    return fds.map((_fd, index) => {
      const events = list.getInt16(index * POLLFD_BYTES + 6, true)
      return { writable: (events & POLLOUT) !== 0, failed: (events & (POLLERR | POLLHUP)) !== 0 }
    })
  }

  /** SO_ERROR: errno of the socket, which is cleared by reading it; 0 when all is well. */
  socketError(fd: number): number {
    this.#length.setUint32(0, 4, true)
    this.#int.setInt32(0, 0, true)
    this.#calls.getsockopt(fd, SOL_SOCKET, SO_ERROR, this.#int, this.#length)
    return this.#int.getInt32(0, true)
  }

  /** The oldest error that came for the socket; null when there is none. */
  readError(fd: number, family: 4 | 6): QueuedError | null {
    const { getRawPointer } = this.#ffi
    this.#vector.setBigUint64(0, getRawPointer(this.#data), true)
    this.#vector.setBigUint64(8, BigInt(DATA_BYTES), true)
    const header = this.#header
    header.setBigUint64(0, getRawPointer(this.#name), true)
    header.setUint32(8, NAME_BYTES, true)
    header.setBigUint64(16, getRawPointer(this.#vector), true)
    header.setBigUint64(24, 1n, true)
    header.setBigUint64(32, getRawPointer(this.#control), true)
    header.setBigUint64(40, BigInt(CONTROL_BYTES), true)
    header.setInt32(48, 0, true)
    if (this.#calls.recvmsg(fd, header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0n) return null
    return readControl(this.#control, Number(header.getBigUint64(40, true)), family)
  }
}

/** The extended error among the control messages: struct cmsghdr, struct sock_extended_err, the sender's address. */
function readControl(control: DataView, length: number, family: 4 | 6): QueuedError | null {
  const { level, receiveErrors } = LEVELS[family]
  for (let at = 0; at + 16 <= length; ) {
    const size = Number(control.getBigUint64(at, true))
    if (size < 16 || at + size > length) return null
    if (control.getInt32(at + 8, true) === level && control.getInt32(at + 12, true) === receiveErrors) {
      const body = at + 16
      return {
        errno: control.getUint32(body, true),
        origin: control.getUint8(body + 4) === 1 ? 'local' : 'icmp',
        type: control.getUint8(body + 5),
        code: control.getUint8(body + 6),
        from: readAddress(control, body + 16, at + size),
      }
    }
    at += (size + 7) & ~7
  }
  return null
}

function readAddress(control: DataView, at: number, end: number): string | null {
  if (at + 8 > end) return null
  const family = control.getUint16(at, true)
  const bytes = new Uint8Array(control.buffer)
  if (family === AF_INET) return bytes.subarray(at + 4, at + 8).join('.')
  if (family !== AF_INET6 || at + 24 > end) return null
  return formatIp(bytes.subarray(at + 8, at + 24))
}

let loaded: { libc: Libc } | { unavailable: string } | null = null

/** The calls, or why they cannot be had here. Loaded once; where it fails it fails for good. */
export function loadLibc(): { libc: Libc } | { unavailable: string } {
  loaded ??= load()
  return loaded
}

function load(): { libc: Libc } | { unavailable: string } {
  const { platform, arch } = process
  if (platform !== 'linux') return { unavailable: `it is made for Linux, this is ${platform}` }
  if (endianness() !== 'LE' || !(arch === 'x64' || arch === 'arm64' || arch === 'riscv64')) {
    return { unavailable: `it is not made for this machine (${arch})` }
  }
  try {
    const ffi = withoutWarning(() => process.getBuiltinModule('node:ffi'))
    if (!ffi) return { unavailable: `Node ${process.version} has no node:ffi` }
    return { libc: new Libc(ffi) }
  } catch (error) {
    return {
      unavailable: `node:ffi cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

/** Loading says once on standard error that it is experimental, which is nothing for whoever asked about a site. */
function withoutWarning<Result>(run: () => Result): Result {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return run()
  } finally {
    process.emitWarning = emitWarning
  }
}
