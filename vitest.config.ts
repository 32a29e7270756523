// How tests run: in threads that share modules, quiet about what passes, with the counts as the last line.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
    reporters: [process.stdout.isTTY ? 'default' : 'minimal', './test/reporter.ts'],
  },
})
