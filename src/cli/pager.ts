// Shows a long text by way of the reader's pager. Knows how a pager is started, not what it shows.
import { spawn } from 'node:child_process'
import { environment } from './environment.ts'

/** What `less` does when the reader has no wish: stays out of the way of short texts, keeps colours and the screen. */
const LESS = 'FRX'

/**
 * Gives the text to the pager and waits until the reader is done. False when there is none, or it could not be started:
 * nothing was shown then. `PAGER` may hold arguments, and is run by a shell like everywhere else; `cat` and an empty
 * one mean none.
 */
export function page(
  text: string,
  env: Record<string, string | undefined> = environment(),
): Promise<boolean> {
  const command = (env['PAGER'] ?? 'less').trim()
  if (command === '' || command === 'cat' || process.platform === 'win32') return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...env, LESS: env['LESS'] ?? LESS },
    })
    // The pager, not we, decides about Ctrl-C.
    const ignore = () => {}
    process.on('SIGINT', ignore)
    const end = (shown: boolean) => {
      process.off('SIGINT', ignore)
      resolve(shown)
    }
    child.on('error', () => end(false))
    // 127 and 126: the shell found no such program, or may not run it.
    child.on('close', (status) => end(status !== 127 && status !== 126))
    // A reader who quits before the end closes the pipe.
    child.stdin.on('error', () => {})
    child.stdin.end(text)
  })
}
