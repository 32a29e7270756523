// Heroku: one page for every router error; the H code stands only in the log.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'heroku',
  name: 'Heroku router',
  role: 'gateway',
  builtOn: ['nginx'],
  fixedBy: 'site_operator',
  clues: [
    { field: ['via', /^(1\.1 vegur|\d(\.\d)? heroku-router)$/], seen: 0.95 },
    { field: ['server', /^Heroku$/], seen: 0.95, made: 0.6, unverified: true },
    { body: 'herokucdn.com/error-pages/', made: 0.97 },
  ],
  readings: [
    {
      body: 'no-such-app.html',
      causes: ['destination_not_found'],
      says: 'there is no such app: the DNS points at Heroku, the app is gone',
      link: 'gateway',
      party: 'site_operator',
    },
    {
      body: 'maintenance-mode.html',
      causes: ['destination_unavailable'],
      says: 'the app is in maintenance mode (H80)',
      link: 'origin',
      party: 'site_operator',
    },
    {
      slow: true,
      causes: ['http_response_timeout', 'connection_read_timeout'],
      says: 'the app did not answer in 30 s (H12)',
      operator: 'heroku logs: at=error code=H12.',
    },
    {
      causes: [
        'destination_unavailable',
        'connection_terminated',
        'http_response_timeout',
        'connection_refused',
      ],
      says: 'any router error: H10 crashed, H12 time-out, H13 closed, H14 no dyno, H18 interrupted, H21 refused',
      operator: 'heroku logs: at=error code=H.. of that moment.',
    },
  ],
  source: 'devcenter.heroku.com/articles/error-codes',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nServer: Heroku\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-cache, no-store\r\nContent-Length: 78\r\n\r\n<iframe src="//www.herokucdn.com/error-pages/application-error.html"></iframe>',
      causes: ['destination_unavailable', 'connection_terminated'],
      waitedMs: 20,
    },
    {
      raw: 'HTTP/1.1 404 Not Found\r\nServer: Cowboy\r\nContent-Length: 72\r\n\r\n<iframe src="//www.herokucdn.com/error-pages/no-such-app.html"></iframe>',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
