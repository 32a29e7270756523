// Azure App Service: its own 403, 404 and 503 pages.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'azure-websites',
  name: 'Azure App Service',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { body: '404 web site not found.', made: 0.9 },
    { body: 'this web app is stopped.', made: 0.9, unverified: true },
    { body: '<title>web app - unavailable</title>', made: 0.9, unverified: true },
    { body: ':( application error', made: 0.6, unverified: true },
    { cookie: /^ARRAffinity(SameSite)?=/, seen: 0.8 },
  ],
  readings: [
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'the host name is bound to no app',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 403,
      causes: ['destination_unavailable'],
      says: 'the app is stopped, or its quota is used up',
      link: 'origin',
      party: 'site_operator',
    },
    {
      causes: ['destination_unavailable', 'connection_refused'],
      says: 'the app did not start or crashed',
      operator: 'Diagnose and solve problems, or the log stream, in the Azure portal.',
    },
  ],
  source: 'public fingerprint lists; partly unverified',
  examples: [
    {
      raw: 'HTTP/1.1 404 Site Not Found\r\nContent-Type: text/html\r\nContent-Length: 32\r\n\r\n<h1>404 Web Site not found.</h1>',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
