// uWSGI: a short text when the application did not load.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'uwsgi',
  name: 'uWSGI',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    {
      status: 500,
      content: /^Internal Server Error$/,
      field: ['content-type', /^text\/plain$/],
      without: ['server', 'date'],
      made: 0.65,
    },
    { content: /^--- no python application found, check your startup logs for errors ---/, made: 0.95 },
    { field: ['server', /^uWSGI/i], seen: 0.8 },
  ],
  readings: [
    {
      body: 'no python application found',
      causes: ['upstream_error_passed_through'],
      says: 'the application did not load',
      operator: 'The start-up log of uWSGI has the Python error.',
    },
    { causes: ['upstream_error_passed_through'], says: 'the application did not load or failed' },
  ],
  source: 'unbit/uwsgi: plugins/python/wsgi_handlers.c',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\n\r\nInternal Server Error',
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
